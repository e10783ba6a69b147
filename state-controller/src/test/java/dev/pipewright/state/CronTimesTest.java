package dev.pipewright.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CronTimesTest {
  private static List<String> times(String expression, String zone, String after, int count) {
    CronTimes times = CronTimes.of(expression, ZoneId.of(zone));
    List<String> found = new ArrayList<>();
    Optional<Instant> next = times.next(Instant.parse(after));
    while (next.isPresent() && found.size() < count) {
      found.add(next.get().toString());
      next = times.next(next.get());
    }
    return found;
  }

  @ParameterizedTest
  @CsvSource({
    "'0 3 * * *', 2026-11-28T03:00:00Z, 2026-11-29T03:00:00Z",
    "'0 3 * * *', 2026-11-28T02:59:59.9Z, 2026-11-28T03:00:00Z",
    "'*/15 * * * *', 2026-11-28T03:01:00Z, 2026-11-28T03:15:00Z",
    "'7/20 * * * *', 2026-11-28T03:01:00Z, 2026-11-28T03:07:00Z",
    "'7/20 * * * *', 2026-11-28T03:30:00Z, 2026-11-28T03:47:00Z",
    "'10-20/5,50 * * * *', 2026-11-28T03:16:00Z, 2026-11-28T03:20:00Z",
    "'30 9 * * mon-fri', 2026-11-28T00:00:00Z, 2026-11-30T09:30:00Z",
    "'0 0 * * 7', 2026-11-28T12:00:00Z, 2026-11-29T00:00:00Z",
    "'0 0 1 JAN *', 2026-11-28T12:00:00Z, 2027-01-01T00:00:00Z",
    "'0 0 29 2 *', 2026-11-28T12:00:00Z, 2028-02-29T00:00:00Z",
    "'0 0 13 * FRI', 2026-11-28T12:00:00Z, 2026-12-04T00:00:00Z",
    "'0 0 */2 * MON', 2026-11-28T12:00:00Z, 2026-12-07T00:00:00Z",
    "@daily, 2026-11-28T12:00:00Z, 2026-11-29T00:00:00Z",
    "@HOURLY, 2026-11-28T12:00:00Z, 2026-11-28T13:00:00Z",
    "@weekly, 2026-11-28T12:00:00Z, 2026-11-29T00:00:00Z",
    "@monthly, 2026-11-28T12:00:00Z, 2026-12-01T00:00:00Z",
    "@yearly, 2026-11-28T12:00:00Z, 2027-01-01T00:00:00Z",
  })
  void theNextTimeIsFound(String expression, String after, String next) {
    assertThat(times(expression, "UTC", after, 1)).containsExactly(next);
  }

  @Test
  void aTimeIsMeantInItsZone() {
    assertThat(times("0 3 * * *", "Europe/Berlin", "2026-07-01T00:00:00Z", 1))
        .containsExactly("2026-07-01T01:00:00Z");
    assertThat(times("0 3 * * *", "Europe/Berlin", "2026-12-01T00:00:00Z", 1))
        .containsExactly("2026-12-01T02:00:00Z");
  }

  @Test
  void aTimeThatIsLeftOutInSpringComesWhenTheClocksGoForward() {
    assertThat(times("30 2 * * *", "Europe/Berlin", "2027-03-27T12:00:00Z", 2))
        .containsExactly("2027-03-28T01:00:00Z", "2027-03-29T00:30:00Z");
  }

  @Test
  void aTimeThatIsThereTwiceInAutumnComesOnce() {
    assertThat(times("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", 2))
        .containsExactly("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
  }

  @Test
  void everyHourIsEveryHourAlsoWhenClocksChange() {
    assertThat(times("0 * * * *", "Europe/Berlin", "2026-10-24T23:30:00Z", 4))
        .containsExactly(
            "2026-10-25T00:00:00Z",
            "2026-10-25T01:00:00Z",
            "2026-10-25T02:00:00Z",
            "2026-10-25T03:00:00Z");
    assertThat(times("0 * * * *", "Europe/Berlin", "2027-03-28T00:30:00Z", 2))
        .containsExactly("2027-03-28T01:00:00Z", "2027-03-28T02:00:00Z");
  }

  @Test
  void whatNeverComesHasNoNextTime() {
    assertThat(times("0 0 31 2 *", "UTC", "2026-11-28T12:00:00Z", 1)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "* * * *", "* * * * * *", "60 * * * *", "* 5-2 * * *", "*/0 * * * *", "@noon"})
  void whatIsNoExpressionIsRefused(String expression) {
    assertThatThrownBy(() -> CronTimes.of(expression, ZoneId.of("UTC")))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
