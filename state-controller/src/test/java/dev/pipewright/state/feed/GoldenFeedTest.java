package dev.pipewright.state.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.state.feed.clients.BuildNotify;
import dev.pipewright.state.feed.clients.BuildNotify.News;
import dev.pipewright.state.feed.clients.CcDroidX;
import dev.pipewright.state.feed.clients.CcMenu;
import dev.pipewright.state.feed.clients.CcTrayForWindows;
import dev.pipewright.state.feed.clients.Client;
import dev.pipewright.state.feed.clients.Nevergreen;
import dev.pipewright.state.feed.clients.Seen;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that can happen to a pipeline, in one feed, and what build monitors make of it. */
class GoldenFeedTest {
  private static final String HOSTILE = "Größe <b>'&amp;\" \uD83D\uDE80";
  private static final Instant LATER = Instant.parse("2027-01-01T00:00:00Z");

  private static FeedStory story;
  private static byte[] earlier;
  private static byte[] feed;

  @BeforeAll
  static void tell(@TempDir Path folder) throws IOException {
    story = new FeedStory(folder, false);
    story.had(HOSTILE, Outcome.FAILED);
    story.had("shop :: pipeline code", Outcome.SUCCEEDED);
    for (Before before : Before.values()) {
      for (Happening happening : after(before)) {
        if (before.outcome != null) {
          story.had(happening.after(before), before.outcome);
        }
      }
    }
    earlier = story.feed();
    for (Before before : Before.values()) {
      after(before).forEach(happening -> story.let(happening, happening.after(before)));
    }
    story.end();
    feed = story.feed();
  }

  /** Nothing runs again that has not run. */
  private static List<Happening> after(Before before) {
    return Arrays.stream(Happening.values())
        .filter(happening -> before.outcome != null || !happening.isRerun())
        .toList();
  }

  static Stream<Client> clients() {
    return Stream.of(
        new Nevergreen(),
        new CcMenu(ZoneId.of("America/New_York")),
        new BuildNotify(InstantSource.fixed(LATER)),
        new CcDroidX(),
        new CcTrayForWindows());
  }

  @Test
  void theFeedIsTheGoldenOneByteForByte() throws IOException {
    Path made = Path.of("target", "golden-feed.xml");
    Files.write(made, feed);
    try (InputStream in =
        Objects.requireNonNull(getClass().getResourceAsStream("golden-feed.xml"))) {
      assertThat(new String(feed, StandardCharsets.UTF_8))
          .as("the feed as it is now is in state-controller/%s", made)
          .isEqualTo(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @ParameterizedTest
  @MethodSource("clients")
  void everyMonitorShowsWhatIsMeant(Client client) {
    Map<String, Seen> shown = client.read(feed);
    List<String> wrong = new ArrayList<>();
    for (Before before : Before.values()) {
      for (Happening happening : after(before)) {
        String name = happening.after(before);
        Seen.Lamp lamp = happening.lamp == null ? before.lamp : happening.lamp;
        if (isOther(shown.get(name), lamp, happening.building)) {
          wrong.add(name + " is shown as " + shown.get(name));
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** A pipeline that never had a result is not shown at all. */
  private static boolean isOther(@Nullable Seen seen, Seen.Lamp lamp, boolean building) {
    return seen == null
        ? lamp != Seen.Lamp.GREY
        : seen.lamp() != lamp || seen.building() != building;
  }

  @ParameterizedTest
  @MethodSource("clients")
  void everyMonitorReadsNamesTimesAndAddressesAlike(Client client) {
    Map<String, Seen> shown = client.read(feed);
    Map<String, Seen> same = new Nevergreen().read(feed);
    assertThat(shown.keySet()).containsExactlyElementsOf(same.keySet()).contains(HOSTILE);
    shown.forEach(
        (name, seen) -> {
          Seen other = Objects.requireNonNull(same.get(name));
          assertThat(seen.at()).as(name).isNotNull().isEqualTo(other.at()).isBefore(LATER);
          assertThat(seen.url()).as(name).isEqualTo(other.url()).startsWith("https://ci.example/");
        });
  }

  @Test
  void nobodyEverSeesGreyAfterAResult() {
    clients()
        .forEach(
            client ->
                assertThat(client.read(feed).values())
                    .extracting(Seen::lamp)
                    .doesNotContain(Seen.Lamp.GREY));
  }

  @Test
  void whatWasInTheFeedStaysInIt() {
    Client client = new Nevergreen();
    assertThat(client.read(feed).keySet()).containsAll(client.read(earlier).keySet());
  }

  @ParameterizedTest
  @EnumSource(names = "NEW", mode = EnumSource.Mode.EXCLUDE)
  void peopleAreToldOfResultsAndOfNothingElse(Before before) {
    Map<String, News> expected = new TreeMap<>();
    for (Happening happening : after(before)) {
      Seen.Lamp lamp = happening.lamp;
      if (lamp != null) {
        boolean green = lamp == Seen.Lamp.GREEN;
        News same = green ? News.STILL_SUCCESSFUL : News.STILL_FAILING;
        News other = green ? News.FIXED : News.BROKEN;
        expected.put(happening.after(before), lamp == before.lamp ? same : other);
      }
    }
    Map<String, News> told = new BuildNotify(InstantSource.fixed(LATER)).news(earlier, feed);
    String nothing = Happening.NOTHING.after(before);
    String prefix = nothing.substring(0, nothing.indexOf('-'));
    told.keySet().removeIf(name -> !name.startsWith(prefix));
    assertThat(told).isEqualTo(expected);
  }

  @Test
  void asExceptionsErrorsAreHiddenByTwoMonitors(@TempDir Path folder) throws IOException {
    FeedStory other = new FeedStory(folder, true);
    other.had("shop", Outcome.ERRORED);
    assertThat(lamp(new Nevergreen(), other)).isEqualTo(Seen.Lamp.GREY);
    assertThat(lamp(new BuildNotify(InstantSource.fixed(LATER)), other)).isEqualTo(Seen.Lamp.GREY);
    assertThat(lamp(new CcMenu(ZoneId.of("UTC")), other)).isEqualTo(Seen.Lamp.RED);
    assertThat(lamp(new CcTrayForWindows(), other)).isEqualTo(Seen.Lamp.RED);
  }

  private static Seen.Lamp lamp(Client client, FeedStory story) {
    return Objects.requireNonNull(client.read(story.feed()).get("shop")).lamp();
  }
}
