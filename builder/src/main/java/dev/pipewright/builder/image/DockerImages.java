package dev.pipewright.builder.image;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.BuildImageResultCallback;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.BuildResponseItem;
import com.github.dockerjava.api.model.Image;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The images of a Docker daemon. Thread-safe. */
final class DockerImages implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DockerImages.class);
  private static final Pattern LAYER = Pattern.compile("---> ([0-9a-f]{12})\\s");
  private static final Duration PULL = Duration.ofMinutes(10);
  private static final Duration BUILD = Duration.ofMinutes(5);
  private static final int OUTPUT_LIMIT = 4_000;

  private final DockerClient client;
  private final String host;

  /**
   * The images of one daemon; nothing is connected yet.
   *
   * @param host such as {@code unix:///var/run/docker.sock}; empty for Docker's own defaults
   */
  DockerImages(String host) {
    DefaultDockerClientConfig.Builder builder =
        DefaultDockerClientConfig.createDefaultConfigBuilder();
    if (!host.isEmpty()) {
      builder.withDockerHost(host);
    }
    DefaultDockerClientConfig config = builder.build();
    this.host = config.getDockerHost().toString();
    this.client =
        DockerClientImpl.getInstance(
            config,
            new ZerodepDockerHttpClient.Builder()
                .dockerHost(config.getDockerHost())
                .sslConfig(config.getSSLConfig())
                .connectionTimeout(Duration.ofSeconds(5))
                .responseTimeout(BUILD)
                .build());
  }

  /**
   * An image that is on the daemon's disk.
   *
   * @param origins where it was pulled from, as {@code repository@sha256:…}
   */
  record Found(String id, String architecture, String user, List<String> origins) {}

  /** The image, if the daemon has it. */
  Optional<Found> find(String reference) throws IOException {
    try {
      InspectImageResponse image = client.inspectImageCmd(reference).exec();
      @Nullable String user = image.getConfig() == null ? null : image.getConfig().getUser();
      return Optional.of(
          new Found(
              String.valueOf(image.getId()),
              String.valueOf(image.getArch()),
              user == null || !user.matches("[A-Za-z0-9_.:-]+") ? "" : user,
              image.getRepoDigests() == null ? List.of() : List.copyOf(image.getRepoDigests())));
    } catch (NotFoundException e) {
      return Optional.empty();
    } catch (DockerException e) {
      throw new IOException("Docker answered: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      throw new IOException(
          "Docker cannot be reached at %s (%s). Start it, or use the process launcher."
              .formatted(host, rootOf(e).getMessage()),
          e);
    }
  }

  /** Pulls an image from its registry. */
  void pull(String reference) throws IOException {
    ImageName name = ImageName.of(reference);
    try {
      boolean done =
          client
              .pullImageCmd(name.repository())
              .withTag(name.version())
              .start()
              .awaitCompletion(PULL.toSeconds(), TimeUnit.SECONDS);
      if (!done) {
        throw new IOException("pulling it took longer than " + PULL.toMinutes() + " minutes");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("pulling it was interrupted");
    } catch (RuntimeException e) {
      throw new IOException("it is not here and cannot be pulled: " + rootOf(e).getMessage(), e);
    }
  }

  /** How a build ended: with an image, or with what it printed last. */
  sealed interface Built {}

  record Made(String id) implements Built {}

  record NotMade(String error, String output) implements Built {}

  /** Builds an image without network from a tar with a Dockerfile. */
  Built build(Path context, String tag, Map<String, String> labels) throws IOException {
    Progress progress = new Progress();
    try (InputStream tar = Files.newInputStream(context)) {
      client
          .buildImageCmd()
          .withTarInputStream(tar)
          .withTags(Set.of(tag))
          .withLabels(labels)
          .withNetworkMode("none")
          .withPull(false)
          .withRemove(true)
          .withForcerm(true)
          .exec(progress);
      progress.awaitImageId(BUILD.toSeconds(), TimeUnit.SECONDS);
    } catch (DockerClientException e) {
      String output = progress.output();
      dropLayers(output);
      return new NotMade(String.valueOf(e.getMessage()), output);
    } catch (RuntimeException e) {
      throw new IOException("Docker could not build: " + rootOf(e).getMessage(), e);
    }
    return new Made(find(tag).orElseThrow(() -> new IOException("The image vanished.")).id());
  }

  /** Writes an image with all its layers into a file. */
  void save(String image, Path file) throws IOException {
    try (InputStream tar = client.saveImageCmd(image).exec()) {
      Files.copy(tar, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (RuntimeException e) {
      throw new IOException("Docker could not save the image: " + rootOf(e).getMessage(), e);
    }
  }

  /** Copies one file of an image to this machine. */
  void copyOut(String image, String path, Path file) throws IOException {
    @Nullable String container = null;
    try {
      container = client.createContainerCmd(image).exec().getId();
      try (InputStream in = client.copyArchiveFromContainerCmd(container, path).exec();
          TarArchiveInputStream tar = new TarArchiveInputStream(in)) {
        if (tar.getNextEntry() == null) {
          throw new IOException("There is no " + path + " in the image.");
        }
        Files.copy(tar, file, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (RuntimeException e) {
      throw new IOException(
          "Docker could not read %s in the image: %s".formatted(path, rootOf(e).getMessage()), e);
    } finally {
      if (container != null) {
        client.removeContainerCmd(container).withForce(true).exec();
      }
    }
  }

  /** Makes the daemon remember that an image is used now. */
  void touch(String image, ImageName name) throws IOException {
    try {
      client.tagImageCmd(image, name.repository(), name.version()).exec();
    } catch (RuntimeException e) {
      throw new IOException("Docker could not name an image: " + rootOf(e).getMessage(), e);
    }
  }

  /**
   * The images with a label.
   *
   * @param unknown when an image was last used of which the daemon does not say so
   */
  List<FoundImage> labelled(String label, Function<String, Instant> unknown) throws IOException {
    List<FoundImage> found = new ArrayList<>();
    try {
      for (Image image : client.listImagesCmd().withLabelFilter(label).exec()) {
        List<String> names =
            Stream.of(image.getRepoTags(), image.getRepoDigests())
                .flatMap(all -> all == null ? Stream.of() : Stream.of(all))
                .filter(name -> !name.contains("<none>"))
                .toList();
        Instant used = lastNamed(image.getId()).orElseGet(() -> unknown.apply(image.getId()));
        found.add(new FoundImage(image.getId(), names, used, image.getSize()));
      }
      return found;
    } catch (RuntimeException e) {
      throw new IOException("Docker does not list its images: " + rootOf(e).getMessage(), e);
    }
  }

  /** When an image was last given a name here; empty if it never was, as after a pull by digest. */
  private Optional<Instant> lastNamed(String image) {
    try {
      Object metadata = client.inspectImageCmd(image).exec().getRawValues().get("Metadata");
      Object time = metadata instanceof Map<?, ?> map ? map.get("LastTagTime") : null;
      return Optional.ofNullable(time)
          .map(text -> Instant.parse(text.toString()))
          .filter(Instant.EPOCH::isBefore);
    } catch (NotFoundException | DateTimeParseException e) {
      log.atDebug().addKeyValue("image", image).setCause(e).log("Time of an image is unknown");
      return Optional.empty();
    }
  }

  /**
   * Removes an image. False if something still uses it, or it is gone.
   *
   * @throws IOException if Docker is away
   */
  boolean remove(String image) throws IOException {
    try {
      client.removeImageCmd(image).exec();
      return true;
    } catch (DockerException e) {
      log.atDebug().addKeyValue("image", image).setCause(e).log("Image was kept");
      return false;
    } catch (RuntimeException e) {
      throw new IOException("Docker could not remove an image: " + rootOf(e).getMessage(), e);
    }
  }

  /** A failed build leaves its last good layer behind; one that has a name is not touched. */
  private void dropLayers(String output) {
    Matcher layers = LAYER.matcher(output);
    List<String> found = layers.results().map(layer -> layer.group(1)).toList();
    if (found.size() < 2) {
      return;
    }
    try {
      client.removeImageCmd(found.getLast()).exec();
    } catch (DockerException e) {
      log.atDebug().addKeyValue("layer", found.getLast()).setCause(e).log("Layer was kept");
    }
  }

  private static Throwable rootOf(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  @Override
  public void close() throws IOException {
    client.close();
  }

  /** Keeps what a build printed last. */
  private static final class Progress extends BuildImageResultCallback {
    private final StringBuilder printed = new StringBuilder();

    @Override
    public void onNext(BuildResponseItem item) {
      super.onNext(item);
      @Nullable String text = item.getStream();
      if (text != null) {
        add(text);
      }
    }

    private synchronized void add(String text) {
      printed.append(text);
      if (printed.length() > 2 * OUTPUT_LIMIT) {
        printed.delete(0, printed.length() - OUTPUT_LIMIT);
      }
    }

    synchronized String output() {
      return printed.toString();
    }
  }
}
