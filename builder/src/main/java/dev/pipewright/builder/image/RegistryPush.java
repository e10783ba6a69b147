package dev.pipewright.builder.image;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Credential;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.LogEvent;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import com.google.cloud.tools.jib.global.JibSystemProperties;
import com.google.cloud.tools.jib.registry.credentials.CredentialRetrievalException;
import dev.pipewright.builder.disk.OldFolders;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts our files in layers on top of a base and pushes the whole into a registry. What the registry
 * has is not sent again. Equal files on an equal base give an equal digest, as no time of today
 * gets into an image. Thread-safe.
 */
final class RegistryPush {
  private static final Logger log = LoggerFactory.getLogger(RegistryPush.class);
  private static final FilePermissions PLAIN = FilePermissions.fromOctalString("644");
  private static final FilePermissions EXECUTABLE = FilePermissions.fromOctalString("755");

  private static final String BASE = "base";
  private static final String OWN = "own";

  /**
   * Where the library has layers from registries and of ours, those from Docker, and unfinished.
   */
  private static final List<String> FORMS = List.of("layers", "local", "tmp");

  /** Shared by pushes; whoever removes layers has it alone. */
  private final ReadWriteLock layers = new ReentrantReadWriteLock();

  private final ImageRegistry registry;
  private final RegistryLogin login;
  private final Path cache;

  /**
   * A door to one registry.
   *
   * @param cache the folder where layers are kept for the next push
   */
  RegistryPush(ImageRegistry registry, RegistryLogin login, Path cache) {
    this.registry = registry;
    this.login = login;
    this.cache = cache;
    if (registry.plainHttp()) {
      // Somebody has said that it may be spoken to without TLS; a login is no exception to that.
      System.setProperty(JibSystemProperties.SEND_CREDENTIALS_OVER_HTTP, "true");
    }
  }

  /** A folder or file on this machine, and the place it gets in the image. */
  record Layer(Path content, String place) {}

  /**
   * What is pushed.
   *
   * @param layers ours, the one that changes most often last
   * @param architecture the machines it is for, in Docker's words
   */
  record Content(
      List<Layer> layers,
      List<String> entrypoint,
      Map<String, String> labels,
      String architecture) {}

  /**
   * Pushes onto a base that is in a registry; its layers go from there to here only if this
   * registry does not have them.
   *
   * @return the digest of the image
   * @throws IOException if the base cannot be read or the image cannot be stored
   */
  String onto(String base, Content content, String tag) throws IOException {
    try {
      ImageReference reference = ImageReference.parse(base);
      RegistryImage image =
          RegistryImage.named(reference).addCredentialRetriever(RegistryLogin.ofDocker(reference));
      if (base.startsWith(registry.host() + "/")) {
        image.addCredentialRetriever(this::credential);
      }
      return push(Jib.from(image), content, tag);
    } catch (InvalidImageReferenceException e) {
      throw new IOException("'" + base + "' is not the name of an image.", e);
    }
  }

  /** The same onto a base that Docker saved into a file. */
  String onto(Path savedBase, Content content, String tag) throws IOException {
    return push(Jib.from(TarImage.at(savedBase)), content, tag);
  }

  /**
   * Removes layers that were put here more than thirty days ago. They go one by one and as a whole:
   * the library takes half of one for damage. Nothing is removed while something is being pushed.
   */
  OldFolders.Removed clean(Instant now) throws IOException {
    if (!layers.writeLock().tryLock()) {
      return OldFolders.Removed.NOTHING;
    }
    try {
      List<Path> kept = new ArrayList<>();
      for (String part : List.of(BASE, OWN)) {
        for (String form : FORMS) {
          kept.addAll(folders(cache.resolve(part).resolve(form)));
        }
      }
      return OldFolders.remove(cache, kept, now);
    } finally {
      layers.writeLock().unlock();
    }
  }

  private static List<Path> folders(Path parent) throws IOException {
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(parent)) {
      return all.filter(Files::isDirectory).toList();
    }
  }

  private String push(JibContainerBuilder image, Content content, String tag) throws IOException {
    layers.readLock().lock();
    try {
      RegistryImage target =
          RegistryImage.named(registry.tagged(tag)).addCredentialRetriever(this::credential);
      for (Layer layer : content.layers()) {
        image.addFileEntriesLayer(layerOf(layer));
      }
      return image
          .setPlatforms(Set.of(new Platform(content.architecture(), "linux")))
          .setEntrypoint(content.entrypoint())
          .setProgramArguments(List.of())
          .setLabels(content.labels())
          .containerize(
              Containerizer.to(target)
                  .setToolName("pipewright")
                  .setAllowInsecureRegistries(registry.plainHttp())
                  .setBaseImageLayersCache(Files.createDirectories(cache.resolve(BASE)))
                  .setApplicationLayersCache(Files.createDirectories(cache.resolve(OWN)))
                  .addEventHandler(LogEvent.class, RegistryPush::say))
          .getDigest()
          .toString();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the push was interrupted");
    } catch (ExecutionException e) {
      throw failure(e.getCause() == null ? e : e.getCause());
    } catch (RegistryException
        | CacheDirectoryCreationException
        | InvalidImageReferenceException e) {
      throw failure(e);
    } finally {
      layers.readLock().unlock();
    }
  }

  private IOException failure(Throwable cause) {
    return new IOException(
        "the push into the registry %s failed (%s). If that passes, start the run again."
            .formatted(registry.host(), cause.getMessage()),
        cause);
  }

  private Optional<Credential> credential() throws CredentialRetrievalException {
    try {
      return login.credential();
    } catch (IOException e) {
      throw new CredentialRetrievalException(e);
    }
  }

  private static FileEntriesLayer layerOf(Layer layer) throws IOException {
    return FileEntriesLayer.builder()
        .setName(layer.place())
        .addEntryRecursive(
            layer.content(),
            AbsoluteUnixPath.get(layer.place()),
            (file, place) ->
                Files.isDirectory(file) || Files.isExecutable(file) ? EXECUTABLE : PLAIN,
            (file, place) -> Instant.EPOCH)
        .build();
  }

  private static void say(LogEvent event) {
    log.atDebug().addKeyValue("said", event.getMessage()).log("Push");
  }
}
