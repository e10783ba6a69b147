package dev.pipewright.builder.image;

import dev.pipewright.builder.disk.OldFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The images runs use: a base image with our Java, the engine and its cache on top, made once for
 * each base and engine. Thread-safe.
 */
public final class RuntimeImages implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RuntimeImages.class);
  private static final String TAG = "pipewright/runtime:";
  private static final String LABEL = "dev.pipewright.runtime";
  private static final String BASE_LABEL = "dev.pipewright.base";
  private static final int NAME_LIMIT = 500;
  private static final int SHOWN = 600;

  private final DockerImages docker;
  private final JavaRuntime java;
  private final EngineFiles engine;
  private final EngineFiles testing;
  private final Path folder;
  private final @Nullable SharedImages shared;
  private final ImageCleaning cleaning;
  private final Map<String, ReentrantLock> making = new ConcurrentHashMap<>();

  /**
   * The images of one Docker daemon. Nothing is connected or made yet.
   *
   * @param javaHome the JDK whose runtime goes into images
   * @param folder where the linked Java is kept
   * @param dockerHost the daemon; empty for Docker's own defaults
   */
  public RuntimeImages(Path javaHome, EngineJars jars, Path folder, String dockerHost) {
    this(javaHome, jars, folder, dockerHost, null);
  }

  /**
   * The same, for several machines.
   *
   * @param registry where images are pushed; null if only the daemon's machine runs them
   */
  public RuntimeImages(
      Path javaHome,
      EngineJars jars,
      Path folder,
      String dockerHost,
      @Nullable ImageRegistry registry) {
    this.docker = new DockerImages(dockerHost);
    this.java = new JavaRuntime(javaHome, folder.resolve("jre"));
    this.engine = new EngineFiles(jars.engine());
    this.testing = new EngineFiles(jars.testing());
    this.folder = folder;
    this.shared = registry == null ? null : new SharedImages(registry, docker, folder);
    this.cleaning = new ImageCleaning(docker, shared);
  }

  /** True for text that may be the name of an image: no blanks, and no option of a command. */
  public static boolean isReference(String image) {
    return image.length() <= NAME_LIMIT && image.matches("[A-Za-z0-9][A-Za-z0-9._/:@-]*");
  }

  /**
   * The runtime image for a base; pulls the base and makes the image if they are not here.
   *
   * @return an immutable image id, {@code sha256:…}; with a registry the image there, {@code
   *     repository@sha256:…}
   * @throws ImageException if there is no such base, it cannot run an engine, or Docker or the
   *     registry is away
   */
  public String imageFor(String base) {
    if (!isReference(base)) {
      throw new ImageException("'" + shortened(base) + "' is not the name of an image.", null);
    }
    ReentrantLock lock = making.computeIfAbsent(base, _ -> new ReentrantLock());
    lock.lock();
    try {
      return found(base);
    } catch (IOException e) {
      throw new ImageException(
          "Could not make a runtime image of '%s': %s".formatted(base, e.getMessage()), e);
    } finally {
      lock.unlock();
    }
  }

  private String found(String base) throws IOException {
    DockerImages.Found image = present(base);
    refuseOtherMachines(base, image);
    String key =
        new ContentHash()
            .text(image.id())
            .text(java.key())
            .text(engine.hash())
            .text(testing.hash())
            .text(ImageContext.RECIPE)
            .abbreviated();
    if (shared == null) {
      return local(base, image, key);
    }
    Optional<String> known = shared.find(key);
    return known.isPresent() ? known.get() : pushed(base, image, key, shared);
  }

  private String local(String base, DockerImages.Found image, String key) throws IOException {
    String tag = TAG + key;
    Optional<DockerImages.Found> known = docker.find(tag);
    if (known.isEmpty()) {
      return made(context(image), labels(base), tag);
    }
    docker.touch(known.get().id(), ImageName.of(tag));
    return known.get().id();
  }

  /** Pushes an image that is first made here: the base has to prove itself and make the cache. */
  private String pushed(String base, DockerImages.Found image, String key, SharedImages registry)
      throws IOException {
    String made = local(base, image, key);
    String pinned =
        registry.push(
            image, new SharedImages.Own(made, java.folder(), context(image), labels(base)), key);
    log.atInfo().addKeyValue("base", base).addKeyValue("image", pinned).log("Image was pushed");
    docker.remove(TAG + key);
    return pinned;
  }

  private ImageContext context(DockerImages.Found image) throws IOException {
    return new ImageContext(image.id(), image.user(), java.folder(), engine.jars(), testing.jars());
  }

  private static Map<String, String> labels(String base) {
    return Map.of(LABEL, "true", BASE_LABEL, base);
  }

  private DockerImages.Found present(String base) throws IOException {
    Optional<DockerImages.Found> local = docker.find(base);
    if (local.isPresent()) {
      return local.get();
    }
    docker.pull(base);
    return docker.find(base).orElseThrow(() -> new IOException("it was pulled, but is not here"));
  }

  private static void refuseOtherMachines(String base, DockerImages.Found image) {
    String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    String ours = machine.equals("aarch64") ? "arm64" : machine;
    if (!image.architecture().equals(ours)) {
      throw new ImageException(
          "The image '%s' is for %s machines, but this one is %s. Use an image for %s."
              .formatted(base, image.architecture(), ours, ours),
          null);
    }
  }

  private String made(ImageContext content, Map<String, String> labels, String tag)
      throws IOException {
    String base = labels.getOrDefault(BASE_LABEL, content.from());
    Path context = Files.createTempFile(Files.createDirectories(folder), "context-", ".tar");
    try {
      content.write(context);
      return switch (docker.build(context, tag, labels)) {
        case DockerImages.Made made -> {
          log.atInfo().addKeyValue("base", base).addKeyValue("image", tag).log("Image was made");
          yield made.id();
        }
        case DockerImages.NotMade(String error, String output) ->
            throw new ImageException(
                "The image '%s' cannot be used: %s".formatted(base, reason(error, output)), null);
      };
    } finally {
      Files.deleteIfExists(context);
    }
  }

  /** Why a base was refused, from what the preparation printed. */
  static String reason(String error, String output) {
    for (String line : (Iterable<String>) output.lines()::iterator) {
      if (line.startsWith("refused: ")) {
        return line.substring("refused: ".length());
      }
    }
    if ((error + output).contains("no such file or directory") && !output.contains("Warmed up")) {
      return "it has no /bin/sh, which the engine and steps need. Use an image with a shell.";
    }
    return "the engine does not run in it. " + shortened(error.strip()) + " " + tail(output);
  }

  private static String tail(String output) {
    String text = output.replaceAll("\u001b\\[[0-9;]*m", "").strip();
    return text.length() <= SHOWN ? text : "…" + text.substring(text.length() - SHOWN);
  }

  private static String shortened(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }

  /**
   * Removes images from the daemon and the registry that nobody needs: {@code kept} does not name
   * them, nobody has asked for them in a day, and no container uses them. What is away is left for
   * the next time.
   */
  public synchronized Cleaned clean(Set<String> kept, Instant now) {
    return cleaning.clean(LABEL, kept, now);
  }

  /**
   * Removes the layers that were kept for pushes and are older than thirty days; the next push that
   * needs one fetches or makes it again.
   */
  public OldFolders.Removed cleanLayers(Instant now) throws IOException {
    return shared == null ? OldFolders.Removed.NOTHING : shared.cleanLayers(now);
  }

  /** Ends the connections to the daemon and the registry. */
  @Override
  public void close() {
    if (shared != null) {
      shared.close();
    }
    try {
      docker.close();
    } catch (IOException e) {
      log.atDebug().setCause(e).log("Docker connection did not close well");
    }
  }
}
