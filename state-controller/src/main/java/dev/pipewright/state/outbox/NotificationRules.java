package dev.pipewright.state.outbox;

import dev.pipewright.protocol.api.NotificationTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules in {@code notifications.json}, read again when the file changes. Of a broken file the
 * log says what is wrong, and the last good one stays in use. Thread-safe.
 */
public final class NotificationRules {
  private static final Logger log = LoggerFactory.getLogger(NotificationRules.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
  private static final long LARGEST = 1024 * 1024;

  private final Path file;
  private final UnaryOperator<@Nullable String> environment;
  private final InstantSource clock;
  private volatile List<NotificationRule> rules = List.of();
  private volatile Instant lookNext = Instant.MIN;
  private @Nullable FileTime seen;

  /** The rules in {@code file}, which need not be there. */
  public NotificationRules(
      Path file, UnaryOperator<@Nullable String> environment, InstantSource clock) {
    this.file = file;
    this.environment = environment;
    this.clock = clock;
  }

  /** All rules, as they are now. */
  public List<NotificationRule> all() {
    Instant now = clock.instant();
    if (!now.isBefore(lookNext)) {
      look(now);
    }
    return rules;
  }

  /** The target with this name, if it is still there. */
  public Optional<NotificationTarget> target(String name) {
    return all().stream()
        .map(NotificationRule::target)
        .filter(target -> target.name().equals(name))
        .findFirst();
  }

  private synchronized void look(Instant now) {
    if (now.isBefore(lookNext)) {
      return;
    }
    try {
      FileTime changed = Files.getLastModifiedTime(file);
      if (!changed.equals(seen)) {
        seen = changed;
        rules = read();
        log.atInfo().addKeyValue("targets", rules.size()).log("Notifications are configured");
      }
    } catch (NoSuchFileException e) {
      seen = null;
      rules = List.of();
    } catch (IOException | RuntimeException e) {
      log.atError()
          .addKeyValue("file", file)
          .addKeyValue("problem", e.getMessage())
          .log("Notifications could not be read; the last good ones stay in use");
    }
    lookNext = now.plus(LOOK_EVERY);
  }

  private List<NotificationRule> read() throws IOException {
    if (Files.size(file) > LARGEST) {
      throw new IOException("The file is larger than 1 MiB.");
    }
    return NotificationSettings.read(Files.readAllBytes(file), environment);
  }
}
