package dev.pipewright.ui.http;

import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.ChangeKind;
import dev.pipewright.protocol.api.DeliveryState;
import dev.pipewright.protocol.api.DeliveryView;
import dev.pipewright.protocol.api.ForeignPolicy;
import dev.pipewright.protocol.api.PipelineView;
import dev.pipewright.protocol.api.RefChange;
import dev.pipewright.protocol.api.SourceView;
import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.ui.http.Samples.Ending;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Shows the pages with canned data, for working on them: {@code PreviewMain [port [tiles]]}. */
public final class PreviewMain {
  private static final List<String> NAMES =
      List.of(
          "shop",
          "payments",
          "catalogue-search",
          "invoice-service",
          "customer-notifications",
          "warehouse",
          "fraud-detection-model",
          "web-frontend",
          "mobile-api",
          "data-lake-import",
          "shop :: pipeline code",
          "infrastructure");

  private PreviewMain() {}

  public static void main(String[] arguments) throws InterruptedException {
    int port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 0;
    int tiles = arguments.length > 1 ? Integer.parseInt(arguments[1]) : NAMES.size();
    InstantSource time = InstantSource.system();
    try (CannedServer server = new CannedServer(time, Path.of("wall.json"), port)) {
      fill(server, time.instant(), tiles);
      System.out.println(server.address());
      for (int i = 0; ; i++) {
        Thread.sleep(400);
        server.appendLog(
            Showcase.running(time.instant()).id(), "verify/integration", Showcase.line(i));
      }
    }
  }

  /** Fills the server with {@code tiles} pipelines, their runs, deliveries and sources. */
  static void fill(CannedServer server, Instant now, int tiles) {
    Samples samples = new Samples(now);
    for (int i = 0; i < tiles; i++) {
      String name =
          i < NAMES.size() ? NAMES.get(i) : NAMES.get(i % (NAMES.size() - 2)) + "-" + i / 10;
      Ending current =
          switch (i % 13) {
            case 0, 7 -> Ending.running();
            case 3 -> new Ending(Phase.QUEUED, null, null);
            case 4, 8 -> new Ending(Phase.WAITING, null, null);
            default -> null;
          };
      PipelineView view = samples.pipeline(name, outcome(i), current);
      server.put(i % 13 == 7 ? Samples.waiting(view, 1 + i % 12) : view);
    }
    Showcase.failed(server, samples);
    RunSnapshot running = Showcase.running(now);
    server.put(running);
    for (int i = 0; i < 40; i++) {
      server.appendLog(running.id(), "verify/unit tests", Showcase.line(i));
    }
    for (int i = 0; i < 400; i++) {
      server.appendLog(running.id(), "verify/integration", Showcase.line(i));
    }
    for (long number = 39; number > 28; number--) {
      Outcome outcome = number % 6 == 0 ? Outcome.CANCELLED : Outcome.SUCCEEDED;
      Duration age = Duration.ofHours((42 - number) * 5);
      server.put(samples.run("shop", number, Ending.of(outcome, null), age, 60 + number));
    }
    String error = "ShopPipeline.java:27: error: ';' expected";
    for (long number = 3; number > 0; number--) {
      Ending ending =
          number == 2 ? Ending.of(Outcome.FAILED, error) : Ending.of(Outcome.SUCCEEDED, null);
      Duration age = Duration.ofHours((4 - number) * 9);
      server.put(samples.run("shop :: pipeline code", number, ending, age, 14));
    }
    deliveries(server, now);
    server.settings.fill(now, running.id());
    new ReleaseStory(server, now).tell();
  }

  private static Outcome outcome(int i) {
    return switch (i % 17) {
      case 3 -> Outcome.FAILED;
      case 8 -> Outcome.TIMED_OUT;
      case 16 -> Outcome.ERRORED;
      default -> Outcome.SUCCEEDED;
    };
  }

  private static void deliveries(CannedServer server, Instant now) {
    SourceName shop = new SourceName("shop");
    server.sources.add(
        new SourceView(
            shop,
            "https://git.example.org/shop.git",
            "github",
            ".pipewright",
            "main",
            true,
            now.minus(Duration.ofDays(40)),
            ForeignPolicy.HOLD));
    Verdict[] verdicts = Verdict.values();
    for (int i = 0; i < verdicts.length; i++) {
      boolean build = verdicts[i] == Verdict.BUILD;
      server.deliveries.add(
          new DeliveryView(
              "shop.72d3162e-cc78-11e3-81ab-4c9367dc095" + i,
              shop,
              verdicts[i] == Verdict.PING ? "ping" : "push",
              verdicts[i],
              build ? "a push to a branch" : "as the headers and the body say",
              List.of(
                  new RefChange(
                      ChangeKind.PUSH,
                      "refs/heads/main",
                      Samples.commit(40 + i),
                      "Ada Lovelace",
                      "Make it so",
                      null)),
              build ? List.of(Showcase.running(now).id()) : List.of(),
              now.minus(Duration.ofMinutes(3 + i * 11L)),
              DeliveryState.DONE,
              null,
              1,
              null));
    }
  }
}
