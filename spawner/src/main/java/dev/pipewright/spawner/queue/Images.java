package dev.pipewright.spawner.queue;

import dev.pipewright.protocol.api.ImageAnswer;
import dev.pipewright.protocol.api.ImageRequest;
import dev.pipewright.protocol.api.VersionAnswer;
import dev.pipewright.protocol.client.WorkClient;
import dev.pipewright.spawner.launch.LaunchException;
import dev.pipewright.spawner.retry.Retries;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The runtime images of base images, remembered for a minute. Thread-safe, blocking. */
final class Images {
  private static final Duration POLL = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(250);
  private static final Duration FRESH = Duration.ofMinutes(1);
  private static final Duration LONGEST_BUILD = Duration.ofMinutes(30);

  private final WorkClient client;
  private final InstantSource clock;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  Images(WorkClient client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
  }

  private record Known(String image, Instant at) {}

  /**
   * The runtime image for {@code base}, which may take as long as making it.
   *
   * @throws LaunchException if there is none to be had
   */
  String of(String base) throws InterruptedException {
    Known remembered = known.get(base);
    if (remembered != null && remembered.at().plus(FRESH).isAfter(clock.instant())) {
      return remembered.image();
    }
    ImageAnswer answer = ask(base);
    String image = answer.image();
    if (answer.state() != VersionAnswer.State.READY || image == null) {
      String reason = answer.reason() == null ? "it was not made in time." : answer.reason();
      throw new LaunchException(
          "There is no runtime image for '%s': %s".formatted(base, reason), false, null);
    }
    known.put(base, new Known(image, clock.instant()));
    return image;
  }

  /** Forgets what is remembered of {@code base}, because a launch with it failed. */
  void forget(String base) {
    known.remove(base);
  }

  private ImageAnswer ask(String base) throws InterruptedException {
    long deadline = System.nanoTime() + LONGEST_BUILD.toNanos();
    while (true) {
      long asked = System.nanoTime();
      ImageAnswer answer =
          Retries.untilAnswered(
              "resolve image", () -> client.resolveImage(new ImageRequest(base), POLL));
      if (answer.state() != VersionAnswer.State.PENDING || System.nanoTime() > deadline) {
        return answer;
      }
      if (System.nanoTime() - asked < SHORT.toNanos()) {
        Retries.pause(SHORT);
      }
    }
  }
}
