package dev.pipewright.state.feed.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.state.feed.clients.Client.UnreadableException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The readers are as strict as the programs they stand for, else they would prove nothing. */
class ClientsTest {
  private static final Instant NOW = Instant.parse("2026-11-20T13:00:00Z");

  private final Client nevergreen = new Nevergreen();
  private final Client ccMenu = new CcMenu(ZoneId.of("America/New_York"));
  private final Client buildNotify = new BuildNotify(InstantSource.fixed(NOW));
  private final Client ccDroidX = new CcDroidX();
  private final Client windows = new CcTrayForWindows();

  private static byte[] feed(String status, String activity, String time) {
    return """
        <Projects><Project name="shop" activity="%s" lastBuildStatus="%s" lastBuildLabel="7"
          lastBuildTime="%s" webUrl="https://ci.example/" /></Projects>"""
        .formatted(activity, status, time)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static Seen shop(Client client, byte[] feed) {
    return Objects.requireNonNull(client.read(feed).get("shop"));
  }

  @ParameterizedTest
  @CsvSource({
    "Success,   GREEN, GREEN, GREEN, GREEN, GREEN",
    "Failure,   RED,   RED,   RED,   RED,   RED",
    "Exception, GREY,  RED,   GREY,  RED,   RED",
    "Unknown,   GREY,  GREY,  GREY,  GREY,  GREY",
  })
  void statesAreShownAsTheProgramsDo(
      String status,
      Seen.Lamp never,
      Seen.Lamp menu,
      Seen.Lamp notify,
      Seen.Lamp droid,
      Seen.Lamp tray) {
    byte[] feed = feed(status, "Sleeping", "2026-11-20T12:00:00Z");
    assertThat(shop(nevergreen, feed).lamp()).isEqualTo(never);
    assertThat(shop(ccMenu, feed).lamp()).isEqualTo(menu);
    assertThat(shop(buildNotify, feed).lamp()).isEqualTo(notify);
    assertThat(shop(ccDroidX, feed).lamp()).isEqualTo(droid);
    assertThat(shop(windows, feed).lamp()).isEqualTo(tray);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-20T12:00:00Z,           2026-11-20T12:00:00Z, 2026-11-20T12:00:00Z",
    "2026-11-20T13:00:00+01:00,      2026-11-20T12:00:00Z, 2026-11-20T12:00:00Z",
    "2026-11-20T12:00:00.123Z,       2026-11-20T12:00:00.123Z, 2026-11-20T12:00:00Z",
    "2026-11-20T12:00:00.123456789Z, ,                     2026-11-20T12:00:00Z",
    "2026-11-20T12:00:00,            2026-11-20T12:00:00Z, 2026-11-20T17:00:00Z",
  })
  void timesAreReadAsTheProgramsDo(String text, Instant never, Instant menu) {
    byte[] feed = feed("Success", "Sleeping", text);
    assertThat(shop(nevergreen, feed).at()).isEqualTo(never);
    assertThat(shop(ccMenu, feed).at()).isEqualTo(menu);
  }

  @Test
  void anEmptyTimeIsNowOrTheEndOfTheFeed() {
    byte[] feed = feed("Success", "Sleeping", "");
    assertThat(shop(nevergreen, feed).at()).isNull();
    assertThat(shop(buildNotify, feed).at()).isEqualTo(NOW);
    assertThatThrownBy(() -> ccDroidX.read(feed)).isInstanceOf(UnreadableException.class);
    assertThatThrownBy(() -> windows.read(feed)).isInstanceOf(UnreadableException.class);
  }

  @Test
  void aTimeWithoutZoneIsTheEndOfTheFeedForOne() {
    byte[] feed = feed("Success", "Sleeping", "2026-11-20T12:00:00");
    assertThatThrownBy(() -> ccDroidX.read(feed)).isInstanceOf(UnreadableException.class);
  }

  @Test
  void anUnknownWordIsTheEndOfTheFeedForTwo() {
    byte[] feed = feed("Success", "Waiting", "2026-11-20T12:00:00Z");
    assertThatThrownBy(() -> ccDroidX.read(feed)).isInstanceOf(UnreadableException.class);
    assertThatThrownBy(() -> windows.read(feed)).isInstanceOf(UnreadableException.class);
    assertThat(shop(nevergreen, feed).lamp()).isEqualTo(Seen.Lamp.GREY);
    byte[] small = feed("success", "Sleeping", "2026-11-20T12:00:00Z");
    assertThatThrownBy(() -> windows.read(small)).isInstanceOf(UnreadableException.class);
    assertThat(shop(ccMenu, small).lamp()).isEqualTo(Seen.Lamp.GREY);
  }

  @ParameterizedTest
  @MethodSource("all")
  void nobodyReadsWhatIsNoXml(Client client) {
    byte[] broken =
        "<Projects><Project name=\"a & b\" /></Projects>".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> client.read(broken)).isInstanceOf(UnreadableException.class);
  }

  static Stream<Client> all() {
    ClientsTest test = new ClientsTest();
    return Stream.of(test.nevergreen, test.ccMenu, test.buildNotify, test.ccDroidX, test.windows);
  }

  @Test
  void namesAreShownInSmallLetters() {
    assertThat(Nevergreen.displayed("acmePay-nightly.build :: Unit Tests"))
        .isEqualTo("acme pay nightly build :: unit tests");
  }
}
