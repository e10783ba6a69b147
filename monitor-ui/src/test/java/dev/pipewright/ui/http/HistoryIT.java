package dev.pipewright.ui.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.PlanStep;
import dev.pipewright.protocol.run.ResourceUse;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.ui.http.Samples.Ending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What came before: the history of a pipeline, and what is new since it was green. */
class HistoryIT extends InConsole {
  @Test
  void historyIsReadAPageAtATimeAndItsFiltersLiveInTheAddress() {
    server.put(samples.pipeline("shop", Outcome.SUCCEEDED, null));
    for (long number = 1; number <= 70; number++) {
      put(number, number % 20 == 0 ? Outcome.FAILED : Outcome.SUCCEEDED);
    }
    open("/pipelines/shop", ".line");
    assertThat(browser.all(".line")).hasSize(30);
    browser.find(".more").click();
    await().until(() -> browser.find(".line .stretched").getText().equals("#40"));
    assertThat(browser.path()).isEqualTo("/pipelines/shop?before=41");
    browser.choose("State", "broken");
    await().until(() -> browser.all(".line").size() == 3);
    assertThat(browser.path()).isEqualTo("/pipelines/shop?state=broken");
    put(71, Outcome.SUCCEEDED);
    put(72, Outcome.TIMED_OUT);
    await().until(() -> browser.all(".line").size() == 4);
    assertThat(browser.find(".line .stretched").getText()).isEqualTo("#72");
    browser.back();
    await().until(() -> browser.find(".line .stretched").getText().equals("#40"));
    open("/pipelines/shop?state=errored", ".empty");
    assertThat(browser.text()).contains("Nothing matches");
  }

  @Test
  void anOpenPageKeepsOrderFilterAndLength() {
    server.put(samples.pipeline("shop", Outcome.SUCCEEDED, null));
    for (long number = 1; number <= 70; number++) {
      put(number, number % 2 == 0 ? Outcome.FAILED : Outcome.SUCCEEDED);
    }
    open("/pipelines/shop?state=broken", ".line");
    assertThat(browser.find(".line .stretched").getText()).isEqualTo("#70");
    server.put(later(run("shop", 70, null)));
    await().until(() -> browser.find(".line .stretched").getText().equals("#68"));
    server.put(later(run("shop", 2, "old and broken again")));
    for (long number = 71; number <= 131; number++) {
      put(number, Outcome.FAILED);
    }
    await().until(() -> browser.find(".line .stretched").getText().equals("#131"));
    await().until(() -> browser.all(".line").size() <= 60);
    List<?> shown =
        (List<?>)
            browser.run(
                """
                return [...document.querySelectorAll('.line .stretched')].map((e) => e.textContent)
                  .concat(document.querySelector('.more').search)
                """);
    int lines = shown.size() - 1;
    assertThat(shown.subList(0, lines))
        .isEqualTo(IntStream.range(0, lines).mapToObj(i -> "#" + (131 - i)).toList());
    assertThat(shown.getLast()).isEqualTo("?state=broken&before=" + (132 - lines));
  }

  /** The run after one more change. */
  private static RunSnapshot later(RunSnapshot run) {
    return Samples.standing(run, run.state(), run.outcome(), 2, List.of());
  }

  @Test
  void aRunTellsWhatItTookUpBesideTheRunsBeforeIt() {
    for (long number = 20; number <= 24; number++) {
      RunSnapshot run =
          samples.run(
              "brief",
              number,
              Ending.of(Outcome.SUCCEEDED, null),
              Duration.ofHours(30 - number),
              9);
      server.put(
          Samples.using(run, new ResourceUse(number * 1000, number * 1_000_000, number * 2000)));
    }
    open("/runs/brief%2324", ".facts");
    await()
        .until(
            () ->
                browser
                    .find(".facts")
                    .getText()
                    .contains(
                        "CPU 24 s · memory peak 24.0 MB · disk 48.0 kB; median of the 4 before:"
                            + " CPU 22 s · memory peak 22.0 MB · disk 44.0 kB"));
  }

  @Test
  void aBrokenRunSaysWhatIsNewSinceTheLastGreenOne() {
    put(4, Outcome.SUCCEEDED);
    put(5, Outcome.FAILED);
    put(6, Outcome.CANCELLED);
    put(7, Outcome.FAILED);
    open("/runs/shop%237", ".since");
    assertThat(browser.find(".since summary").getText())
        .contains("3 pushes by ", "since #4, the last green run");
    browser.find(".since summary").click();
    assertThat(browser.all(".since li")).hasSize(3);
    assertThat(browser.find(".since").getText()).contains("#5", "#6", "#7", "cancelled");
    put(8, Outcome.FAILED);
    open("/runs/shop%234", ".since");
    assertThat(browser.find(".since").getText()).contains("No run of this branch was green before");
  }

  @Test
  void aPipelineShowsWhatItsCodeChangedAndWhatTheCompilerSaid() {
    server.put(samples.pipeline("shop", Outcome.SUCCEEDED, null));
    Plan plan = Samples.plan("shop");
    List<PlanStep> steps = new ArrayList<>(plan.steps());
    steps.add(Samples.step("sh", "announce", "./announce.sh"));
    Plan longer =
        new Plan(plan.pipeline(), plan.definition(), plan.triggers(), plan.image(), steps);
    for (long number = 6; number <= 9; number++) {
      server.put(run("shop", number, null).withSteps(List.of(), number < 8 ? plan : longer));
    }
    server.put(run("shop :: pipeline code", 2, "ShopPipeline.java:27: error: ';' expected"));
    open("/pipelines/shop?view=code", ".version");
    assertThat(browser.all(".version")).hasSize(2);
    assertThat(browser.find(".version").getText()).contains("since #8", "2 runs");
    assertThat(browser.text()).contains("ShopPipeline.java:27: error: ';' expected");
    browser.find(".version summary").click();
    await().until(() -> !browser.all(".diff .added").isEmpty());
    assertThat(browser.find(".diff").getText()).contains("+ sh announce", "stage verify");
    assertThat(browser.all(".diff .removed")).isEmpty();
  }

  private RunSnapshot run(String pipeline, long number, @Nullable String problem) {
    Outcome outcome = problem == null ? Outcome.SUCCEEDED : Outcome.FAILED;
    Ending ending = Ending.of(outcome, problem);
    return samples.run(pipeline, number, ending, Duration.ofMinutes(500 - number), 60);
  }

  private void put(long number, Outcome outcome) {
    RunSnapshot run =
        samples.run("shop", number, Ending.of(outcome, null), Duration.ofMinutes(500 - number), 60);
    server.put(run);
  }
}
