package dev.pipewright.standalone.shape;

import static dev.pipewright.dsl.Pipelines.pipeline;
import static dev.pipewright.dsl.Steps.checkout;
import static dev.pipewright.dsl.Triggers.cron;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.dsl.Definitions;
import dev.pipewright.state.CronTimes;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The language and the server each read cron expressions, without sharing code. */
final class CronAgreementTest {
  private static final List<String> ITEMS =
      List.of(
          "*", "*/2", "*/0", "0", "1", "5", "7", "12", "23", "30", "31", "59", "60", "1-5", "5-1",
          "9/3", "2-11/4", "MON", "fri", "JAN", "FEB-apr", "x", "");

  private static boolean comes(String expression) {
    try {
      return CronTimes.of(expression, ZoneOffset.UTC)
          .next(Instant.parse("2026-11-28T12:00:00Z"))
          .isPresent();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String field(Random random) {
    String item = ITEMS.get(random.nextInt(random.nextBoolean() ? 8 : ITEMS.size()));
    return random.nextInt(6) == 0 ? item + "," + field(random) : item;
  }

  @Test
  void whatTheLanguageAcceptsComesAndNothingElseDoes() {
    Random random = new Random(11);
    int good = 0;
    for (int i = 0; i < 4000; i++) {
      String expression =
          String.join(
              " ", field(random), field(random), field(random), field(random), field(random));
      boolean accepted =
          Definitions.problems(pipeline("p").startedBy(cron(expression)).runs(checkout()))
              .isEmpty();
      assertThat(comes(expression)).as(expression).isEqualTo(accepted);
      good += accepted ? 1 : 0;
    }
    assertThat(good).isBetween(200, 3800);
  }
}
