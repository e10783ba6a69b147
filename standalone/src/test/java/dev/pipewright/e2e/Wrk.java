package dev.pipewright.e2e;

import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs {@code wrk} and reads what it prints. */
record Wrk(double perSecond, double medianMillis, double p99Millis) {
  private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
  private static final Pattern LATENCY = Pattern.compile("\\s%s%%\\s+([0-9.]+)(us|ms|s)");

  /** Asks for {@code uri} as often as it is answered, for so many seconds. */
  static Wrk of(URI uri, int connections, int seconds) {
    String printed =
        Figures.output(
            "wrk", "-t1", "-c" + connections, "-d" + seconds + "s", "--latency", uri.toString());
    if (printed.contains("Non-2xx") || printed.contains("Socket errors")) {
      throw new IllegalStateException(printed);
    }
    return new Wrk(
        Double.parseDouble(found(RATE, printed).group(1)),
        millis(printed, "50"),
        millis(printed, "99"));
  }

  private static double millis(String printed, String percent) {
    Matcher found = found(Pattern.compile(LATENCY.pattern().formatted(percent)), printed);
    double value = Double.parseDouble(found.group(1));
    return switch (found.group(2)) {
      case "us" -> value / 1000;
      case "ms" -> value;
      default -> value * 1000;
    };
  }

  private static Matcher found(Pattern pattern, String printed) {
    Matcher found = pattern.matcher(printed);
    if (!found.find()) {
      throw new IllegalStateException("wrk has printed: " + printed);
    }
    return found;
  }
}
