package dev.pipewright.ui.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.PlanStep;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.StepSnapshot;
import dev.pipewright.testing.NeedsChromium;
import dev.pipewright.ui.http.Samples.Ending;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that goes on while somebody looks at it, in a real browser. */
@NeedsChromium
class LiveRunIT {
  private static final Ending DONE = Ending.of(Outcome.SUCCEEDED, null);

  private CannedServer server;
  private Browser browser;
  private Samples samples;

  @BeforeEach
  void start(@TempDir Path given) {
    server = new CannedServer(InstantSource.system(), given.resolve("wall.json"), 0);
    browser = new Browser(server.address(), given.resolve("profile"));
    browser.screen(1280, 800, "light");
    samples = new Samples(InstantSource.system().instant());
  }

  @AfterEach
  void stop() {
    List<String> complaints = browser.complaints();
    browser.close();
    server.close();
    assertThat(complaints.stream().filter(line -> !line.contains("status of 4")).toList())
        .isEmpty();
  }

  private void open(String path, String awaited) {
    browser.open(path);
    await().until(() -> !browser.all(awaited).isEmpty());
  }

  /** A run with the plan of this step, after so many changes. */
  private RunSnapshot run(PlanStep step, List<StepSnapshot> states, long version) {
    RunSnapshot run = samples.run("shop", 42, Ending.running(), Duration.ofSeconds(95), 0);
    Plan plan = new Plan(run.pipeline(), "ShopPipeline", List.of(), null, List.of(step));
    RunSnapshot standing = run;
    for (long i = run.version(); i < version; i++) {
      standing = Samples.standing(standing, run.state(), null, 1, List.of());
    }
    return standing.withSteps(states, plan);
  }

  private StepSnapshot step(String path, Ending ending) {
    RunSnapshot run = samples.run("shop", 42, Ending.running(), Duration.ofSeconds(95), 0);
    return Samples.stepOf(run, path, ending, 1L, ending.outcome() == null ? null : 9L);
  }

  @Test
  void theStepsOfAnExpansionAreShownAsPlannedAsSoonAsTheyAreKnown() {
    server.put(run(Samples.step("expand", "fan", ""), List.of(step("fan", Ending.running())), 2));
    open("/runs/shop%2342", ".tree .step");
    assertThat(browser.find(".tree").getText()).doesNotContain("in parallel");
    PlanStep group =
        Samples.step(
            "inParallel",
            null,
            "",
            Samples.step("sh", "fan/one", "make one"),
            Samples.step("sh", "fan/two", "make two"));
    List<StepSnapshot> known =
        List.of(
            step("fan", Ending.running()),
            step("fan/one", Ending.running()),
            step("fan/two", Ending.running()));
    server.put(run(Samples.step("expand", "fan", "", group), known, 3));
    await().until(() -> browser.find(".tree").getText().contains("in parallel"));
    await().until(() -> browser.find("section.log").getText().contains("make two"));
  }

  @Test
  void thePageOfARunHearsOfThatRunAloneAndTheNextPageOfEverything() {
    server.put(samples.pipeline("shop", Outcome.SUCCEEDED, Ending.running()));
    RunSnapshot running = Showcase.running(InstantSource.system().instant());
    server.put(running);
    browser.before(
        """
        window.streams = [];
        window.EventSource = class extends EventSource {
          constructor(address) {
            super(address);
            window.streams.push(address);
          }
        };
        """);
    open("/", ".row .row-run .number");
    browser.find(".row .row-run .number").click();
    await().until(() -> browser.all(".tree .step").size() > 5);
    List<StepSnapshot> later = new ArrayList<>(running.steps());
    later.set(4, Samples.stepOf(running, "verify/integration", DONE, 3L, 60L));
    later.set(5, Samples.stepOf(running, "package", Ending.running(), 60L, null));
    server.put(
        Samples.standing(running, running.state(), null, 1, List.of())
            .withSteps(later, running.plan()));
    await().until(() -> browser.find(".log-head").getText().contains("package"));
    assertThat(browser.run("return window.streams.at(-1)"))
        .isEqualTo("/api/v1/stream?run=shop%2342");
    browser.back();
    await().until(() -> !browser.all(".row").isEmpty());
    server.put(samples.pipeline("bank", Outcome.FAILED, null));
    await().until(() -> browser.all(".row").size() == 2);
    assertThat(browser.run("return window.streams.at(-1)")).isEqualTo("/api/v1/stream");
  }

  @Test
  void ofManyQuickStepsOnlySomeAreShownOnTheWay() {
    int count = 25;
    PlanStep[] steps =
        IntStream.range(0, count)
            .mapToObj(i -> Samples.step("sh", "step " + i, "make " + i))
            .toArray(PlanStep[]::new);
    PlanStep stage = Samples.step("sequence", null, "", steps);
    List<StepSnapshot> states = new ArrayList<>();
    long begun = System.nanoTime();
    browser.before(
        """
        window.heads = new Set();
        new MutationObserver(() => {
          const head = document.querySelector('.log-head')?.textContent;
          if (head) window.heads.add(/step \\d+/.exec(head)?.[0]);
        }).observe(document, { subtree: true, childList: true, characterData: true });
        """);
    states.add(step("step 0", Ending.running()));
    server.put(run(stage, states, 2));
    open("/runs/shop%2342", ".log-head");
    for (int i = 1; i < count; i++) {
      states.set(i - 1, step("step " + (i - 1), DONE));
      states.add(step("step " + i, Ending.running()));
      server.put(run(stage, states, 2 + i));
    }
    await().until(() -> browser.find(".log-head").getText().contains("step " + (count - 1)));
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);
    Long heads = (Long) browser.run("return window.heads.size");
    assertThat(heads).isBetween(2L, seconds + 2);
  }
}
