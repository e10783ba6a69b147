package dev.pipewright.state.metrics;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where numbers are sent to, in Graphite's plain text.
 *
 * @param prefix what every name begins with, without a dot at its end; may be empty
 * @param every how long between two sendings
 */
public record GraphiteTarget(String host, int port, String prefix, Duration every) {
  private static final Pattern ADDRESS =
      Pattern.compile("(\\[[0-9a-fA-F:]+\\]|[A-Za-z0-9._-]+):(\\d{1,5})");
  private static final Pattern PREFIX = Pattern.compile("([A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*)?");
  private static final int LAST_PORT = 65_535;
  private static final long MOST_SECONDS = 3600;

  /**
   * What {@code PIPEWRIGHT_GRAPHITE}, {@code PIPEWRIGHT_GRAPHITE_PREFIX} and {@code
   * PIPEWRIGHT_GRAPHITE_EVERY} name; null if the first is not set.
   *
   * @throws IllegalArgumentException saying what is wrong with them
   */
  public static @Nullable GraphiteTarget from(Map<String, String> settings) {
    String address = settings.get("PIPEWRIGHT_GRAPHITE");
    if (address == null || address.isEmpty()) {
      return null;
    }
    String every = settings.getOrDefault("PIPEWRIGHT_GRAPHITE_EVERY", "60");
    return of(
        address,
        settings.getOrDefault("PIPEWRIGHT_GRAPHITE_PREFIX", ""),
        every.matches("\\d{1,9}") ? Long.parseLong(every) : 0);
  }

  /**
   * The target that settings name.
   *
   * @param address like {@code graphite.example.org:2003}
   * @throws IllegalArgumentException saying what is wrong with them
   */
  public static GraphiteTarget of(String address, String prefix, long seconds) {
    Matcher parts = ADDRESS.matcher(address);
    int port = parts.matches() ? Integer.parseInt(parts.group(2)) : 0;
    if (port < 1 || port > LAST_PORT) {
      throw new IllegalArgumentException(
          "Graphite is named as HOST:PORT, for instance graphite.example.org:2003, not '%s'."
              .formatted(address));
    }
    if (!PREFIX.matcher(prefix).matches()) {
      throw new IllegalArgumentException(
          "The prefix of Graphite's names has letters, digits, '_' and '-', parted by dots, not '%s'."
              .formatted(prefix));
    }
    if (seconds < 1 || seconds > MOST_SECONDS) {
      throw new IllegalArgumentException(
          "Numbers are sent to Graphite every 1 to %d seconds, not %d."
              .formatted(MOST_SECONDS, seconds));
    }
    return new GraphiteTarget(
        parts.group(1).replaceAll("[\\[\\]]", ""), port, prefix, Duration.ofSeconds(seconds));
  }
}
