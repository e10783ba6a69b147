package dev.pipewright.builder.image;

import dev.pipewright.builder.disk.OldFolders;
import dev.pipewright.builder.meta.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runtime images in a registry, each under a tag that says what it is made of, so that several
 * Builders agree on one. Thread-safe.
 */
final class SharedImages implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SharedImages.class);
  private static final String HOME = "/opt/pipewright";
  private static final String CACHE = HOME + "/engine.aot";

  private final ImageRegistry registry;
  private final DockerImages docker;
  private final Path folder;
  private final RegistryClient client;
  private final RegistryPush push;
  private final Map<String, String> known = new ConcurrentHashMap<>();

  /**
   * The images of one registry; nothing is connected yet.
   *
   * @param folder where layers are kept between pushes
   */
  SharedImages(ImageRegistry registry, DockerImages docker, Path folder) {
    RegistryLogin login = new RegistryLogin(registry);
    this.registry = registry;
    this.docker = docker;
    this.folder = folder;
    this.client = new RegistryClient(registry, login);
    this.push = new RegistryPush(registry, login, folder.resolve("layers"));
  }

  /**
   * What is ours in an image.
   *
   * @param made the image on the daemon that the cache is taken from
   * @param java the folder of the Java
   */
  record Own(String made, Path java, ImageContext context, Map<String, String> labels) {}

  /**
   * The image with this key if the registry has it. While the registry is away, one that was there
   * before is taken to be there still: machines that have it need no registry.
   *
   * @throws IOException if the registry is away and nothing is known
   */
  Optional<String> find(String key) throws IOException {
    try {
      Optional<String> found = client.digest(key).map(registry::pinned);
      found.ifPresentOrElse(image -> known.put(key, image), () -> known.remove(key));
      return found;
    } catch (IOException e) {
      String image = known.get(key);
      if (image == null) {
        throw e;
      }
      log.atWarn().addKeyValue("image", image).setCause(e).log("Registry was not asked");
      return Optional.of(image);
    }
  }

  /**
   * Pushes a base with our layers on top.
   *
   * @return the pinned image
   */
  String push(DockerImages.Found base, Own own, String key) throws IOException {
    Path files = Files.createTempDirectory(Files.createDirectories(folder), "pushing-");
    try {
      Path engine = Files.createDirectories(files.resolve("engine"));
      own.context().unpack(engine);
      Path cache = files.resolve("engine.aot");
      docker.copyOut(own.made(), CACHE, cache);
      RegistryPush.Content content =
          new RegistryPush.Content(
              List.of(
                  new RegistryPush.Layer(own.java(), HOME + "/jre"),
                  new RegistryPush.Layer(engine, HOME),
                  new RegistryPush.Layer(cache, CACHE)),
              List.of(HOME + "/bin/engine"),
              own.labels(),
              base.architecture());
      String image = registry.pinned(push(base, content, key, files.resolve("base.tar")));
      known.put(key, image);
      return image;
    } finally {
      Folders.delete(files);
    }
  }

  /** From where the base came, else from the daemon, which may have logins and mirrors we lack. */
  private String push(DockerImages.Found base, RegistryPush.Content content, String key, Path saved)
      throws IOException {
    if (!base.origins().isEmpty()) {
      String origin = base.origins().getFirst();
      try {
        return push.onto(origin, content, key);
      } catch (IOException e) {
        log.atInfo()
            .addKeyValue("base", origin)
            .setCause(e)
            .log("Layers of the base are taken from Docker instead of their registry");
      }
    }
    docker.save(base.id(), saved);
    return push.onto(saved, content, key);
  }

  /**
   * The images of the registry, without their sizes.
   *
   * @param unknown when an image was last used that this Builder was not asked for; by its digest
   */
  List<FoundImage> list(Function<String, Instant> unknown) throws IOException {
    Set<String> asked = Set.copyOf(known.values());
    List<FoundImage> found = new ArrayList<>();
    for (String tag : client.tags()) {
      Optional<String> digest = client.digest(tag);
      if (digest.isPresent()) {
        String image = registry.pinned(digest.get());
        Instant used = asked.contains(image) ? Instant.MAX : unknown.apply(digest.get());
        found.add(new FoundImage(digest.get(), List.of(image), used, 0));
      }
    }
    return found;
  }

  /** Removes an image. False if the registry is not set up to remove any. */
  boolean remove(FoundImage image) throws IOException {
    return client.remove(image.id());
  }

  /** Removes old layers, unless something is being pushed. */
  OldFolders.Removed cleanLayers(Instant now) throws IOException {
    return push.clean(now);
  }

  @Override
  public void close() {
    client.close();
  }
}
