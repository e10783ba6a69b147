package dev.pipewright.state;

import java.time.Duration;

/**
 * How long finished runs are kept.
 *
 * @param runs how many of the newest of each pipeline; 0 for any number
 * @param age how long after their end; zero for ever
 */
public record KeepRule(int runs, Duration age) {

  /** The number of runs of each pipeline that are kept unless configured. */
  public static final int USUAL_RUNS = 500;

  private static final int FEWEST_RUNS = 10;

  /** The newest 500 of each pipeline, however old. */
  public static final KeepRule USUAL = new KeepRule(USUAL_RUNS, Duration.ZERO);

  /**
   * What an operator asks for.
   *
   * @throws IllegalArgumentException if fewer than 10 runs are to be kept: with less, one that is
   *     just being made could be old already
   */
  public static KeepRule configured(int runs, Duration age) {
    if (runs != 0 && runs < FEWEST_RUNS) {
      throw new IllegalArgumentException(
          "Keep at least %d runs, or 0 for all of them.".formatted(FEWEST_RUNS));
    }
    return new KeepRule(runs, age);
  }

  public KeepRule {
    if (runs < 0 || age.isNegative()) {
      throw new IllegalArgumentException("Give a number of runs and of days, each 0 or more.");
    }
  }
}
