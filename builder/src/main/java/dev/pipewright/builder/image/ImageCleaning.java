package dev.pipewright.builder.image;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes runtime images from the daemon and the registry that nobody needs and nobody has asked
 * for in a day; what is removed by mistake is made again when it is asked for. One call at a time.
 */
final class ImageCleaning {
  private static final Logger log = LoggerFactory.getLogger(ImageCleaning.class);
  private static final Duration UNUSED = Duration.ofDays(1);

  private final DockerImages docker;
  private final @Nullable SharedImages shared;
  private final Map<String, Instant> seen = new ConcurrentHashMap<>();

  ImageCleaning(DockerImages docker, @Nullable SharedImages shared) {
    this.docker = docker;
    this.shared = shared;
  }

  /**
   * Cleans both; a place that is away is left for the next time.
   *
   * @param kept the images that runs name
   */
  Cleaned clean(String label, Set<String> kept, Instant now) {
    Cleaned here = Cleaned.NOTHING;
    try {
      here = ofDocker(docker.labelled(label, id -> firstSeen(id, now)), kept, now);
    } catch (IOException e) {
      log.atDebug().setCause(e).log("Images of Docker were not cleaned");
    }
    if (shared == null) {
      return here;
    }
    try {
      return here.and(ofRegistry(shared, kept, now));
    } catch (IOException e) {
      log.atWarn().setCause(e).log("Images of the registry were not cleaned");
      return here;
    }
  }

  /** For images that do not say when they were used: not before this server saw them. */
  private Instant firstSeen(String id, Instant now) {
    return seen.computeIfAbsent(id, _ -> now);
  }

  private Cleaned ofDocker(List<FoundImage> found, Set<String> kept, Instant now)
      throws IOException {
    Cleaned all = Cleaned.NOTHING;
    for (FoundImage image : FoundImage.unneeded(found, kept, now.minus(UNUSED))) {
      boolean gone = true;
      for (String name : image.names().isEmpty() ? List.of(image.id()) : image.names()) {
        gone &= docker.remove(name);
      }
      if (gone) {
        log.atInfo().addKeyValue("image", image.names()).log("Image was removed");
        seen.remove(image.id());
        all = all.and(new Cleaned(1, image.bytes()));
      }
    }
    return all;
  }

  private Cleaned ofRegistry(SharedImages registry, Set<String> kept, Instant now)
      throws IOException {
    Cleaned all = Cleaned.NOTHING;
    List<FoundImage> found = registry.list(id -> firstSeen(id, now));
    for (FoundImage image : FoundImage.unneeded(found, kept, now.minus(UNUSED))) {
      if (!registry.remove(image)) {
        log.atInfo().log("The registry removes no images; its operator may allow it, or clean it");
        return all;
      }
      log.atInfo().addKeyValue("image", image.names()).log("Image was removed from the registry");
      seen.remove(image.id());
      all = all.and(new Cleaned(1, 0));
    }
    return all;
  }
}
