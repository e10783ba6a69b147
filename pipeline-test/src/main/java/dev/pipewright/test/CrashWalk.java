package dev.pipewright.test;

import dev.pipewright.test.play.Crash;
import dev.pipewright.test.play.Crash.Moment;
import dev.pipewright.test.play.Play;
import dev.pipewright.test.play.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Plays a run again and again, each time losing its engine at another place. */
final class CrashWalk {
  private static final int[] SOON = {1, 3};

  private final Supplier<Scenario> scenarios;
  private final TestedRun peaceful;
  private final int events;
  private int places;
  private int engines;

  CrashWalk(Supplier<Scenario> scenarios) {
    this.scenarios = scenarios;
    this.peaceful = play(List.of());
    this.peaceful.assertNothingMissed();
    this.events = peaceful.played().ledger().events();
  }

  private TestedRun play(List<Crash> crashes) {
    Scenario scenario = scenarios.get();
    scenario.truthful = true;
    scenario.crashes.addAll(crashes);
    return new TestedRun(Play.run(scenario));
  }

  CrashReport engineLost() {
    for (int event = 0; event < events; event++) {
      at(List.of(new Crash(Moment.BEFORE_NEXT_EVENT, null, event, false)));
      if (event > 0) {
        at(List.of(new Crash(Moment.AFTER_EVENTS, null, event, false)));
      }
    }
    return new CrashReport(places, engines);
  }

  CrashReport engineLostTwice() {
    for (int event = 1; event < events; event++) {
      for (int soon : SOON) {
        at(
            List.of(
                new Crash(Moment.BEFORE_NEXT_EVENT, null, event, false),
                new Crash(Moment.BEFORE_NEXT_EVENT, null, event + soon, false)));
      }
    }
    return new CrashReport(places, engines);
  }

  CrashReport workspaceLost() {
    for (int event = 1; event < events; event++) {
      at(List.of(new Crash(Moment.BEFORE_NEXT_EVENT, null, event, true)));
      at(List.of(new Crash(Moment.AFTER_EVENTS, null, event, true)));
    }
    return new CrashReport(places, engines);
  }

  private void at(List<Crash> crashes) {
    TestedRun run;
    try {
      run = play(crashes);
    } catch (AssertionError e) {
      throw new AssertionError(where(crashes) + e.getMessage(), e);
    }
    places++;
    engines += run.engines();
    List<String> wrong = new ArrayList<>(Laws.broken(run));
    wrong.addAll(Difference.between(peaceful, run));
    if (!wrong.isEmpty()) {
      throw new AssertionError(
          where(crashes)
              + String.join("\n", wrong)
              + "\n\n"
              + run
              + "\nIn peace:\n"
              + peaceful
              + "\nWhat happened:\n"
              + Happened.of(run.played()));
    }
  }

  private String where(List<Crash> crashes) {
    StringBuilder text = new StringBuilder("When the engine is lost ");
    for (int i = 0; i < crashes.size(); i++) {
      Crash crash = crashes.get(i);
      text.append(i == 0 ? "" : ", and again ")
          .append(crash.when() == Moment.AFTER_EVENTS ? "after event " : "before event ")
          .append(crash.when() == Moment.AFTER_EVENTS ? crash.events() : crash.events() + 1)
          .append(crash.workspace() ? " with its workspace" : "");
    }
    return text.append(" of ").append(events).append(":\n").toString();
  }
}
