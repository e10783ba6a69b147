package dev.pipewright.test;

import dev.pipewright.dsl.Output;
import dev.pipewright.dsl.Parameter;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.test.play.Crash;
import dev.pipewright.test.play.Ledger;
import dev.pipewright.test.play.Play;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What came of a run in a test. Every {@code assert…} returns this run, or throws an {@link
 * AssertionError} that shows the whole run. Immutable.
 */
public final class TestedRun {
  private final Play.Played played;
  private final Account account;

  TestedRun(Play.Played played) {
    this.played = played;
    this.account = Account.of(played);
  }

  /** How the run ended; empty if it waits. */
  public Optional<Outcome> outcome() {
    return Optional.ofNullable(played.over()).map(RunEvent.RunFinished::outcome);
  }

  /** Why the run ended so, in words; empty if its outcome says it all. */
  public String reason() {
    RunEvent.RunFinished over = played.over();
    return over == null ? "" : Objects.requireNonNullElse(over.reason(), "");
  }

  /** How a step ended; empty if it has not. */
  public Optional<Outcome> outcome(String step) {
    return Optional.ofNullable(account.finished().get(path(step)))
        .map(RunEvent.StepFinished::outcome);
  }

  /** Why a step ended so, in words; empty if its outcome says it all, or it has not ended. */
  public String reason(String step) {
    RunEvent.StepFinished end = account.finished().get(path(step));
    return end == null ? "" : Objects.requireNonNullElse(end.reason(), "");
  }

  /** What a step printed. */
  public String log(String step) {
    return played.ledger().log(path(step));
  }

  /** What a step has left; empty if none has. */
  public <T> Optional<T> output(Output<T> output) {
    return Optional.ofNullable(account.outputs().get(output.name()))
        .map(json -> Json.read(json, output.type()));
  }

  /** The commands that were begun, oldest first. */
  public List<RanCommand> commands() {
    return List.copyOf(account.commands());
  }

  /** The text of a file that was kept. */
  public Optional<String> artifact(String name) {
    return Optional.ofNullable(played.ledger().artifacts().get(name))
        .map(content -> new String(content, StandardCharsets.UTF_8));
  }

  /** How long the run took, by the clock of the test. */
  public Duration took() {
    return Duration.between(played.began(), played.ended());
  }

  /** How many engines there were: one more after each crash and each wait. */
  public int engines() {
    return played.launches();
  }

  /** How often the run was begun: once, and once more after each loss of its workspace. */
  public int attempts() {
    return account.attempts();
  }

  /** The run ended so. */
  public TestedRun assertOutcome(Outcome expected) {
    return check(
        outcome().equals(Optional.of(expected)), "The run is to be %s.".formatted(expected));
  }

  /** The step ended so. */
  public TestedRun assertOutcome(String step, Outcome expected) {
    return check(
        outcome(step).equals(Optional.of(expected)), "'%s' is to be %s.".formatted(step, expected));
  }

  /** The reason of the run's outcome holds a text. */
  public TestedRun assertReason(String part) {
    return check(reason().contains(part), "The reason is to hold '%s'.".formatted(part));
  }

  /** The reason of the step's outcome holds a text. */
  public TestedRun assertReason(String step, String part) {
    return check(
        reason(step).contains(part), "The reason of '%s' is to hold '%s'.".formatted(step, part));
  }

  /** The steps were begun in this order; others may have been between them. */
  public TestedRun assertOrder(String first, String... rest) {
    int last = account.began().indexOf(path(first));
    check(last >= 0, "'%s' is to be begun.".formatted(first));
    String before = first;
    for (String step : rest) {
      int place = account.began().indexOf(path(step));
      check(place >= 0, "'%s' is to be begun.".formatted(step));
      check(place > last, "'%s' is to be begun before '%s'.".formatted(before, step));
      last = place;
      before = step;
    }
    return this;
  }

  /** The steps were not wanted in this run. */
  public TestedRun assertSkipped(String first, String... rest) {
    assertOutcome(first, Outcome.SKIPPED);
    for (String step : rest) {
      assertOutcome(step, Outcome.SKIPPED);
    }
    return this;
  }

  /** The work of the task was begun exactly once, whatever was lost meanwhile. */
  public TestedRun assertRanOnce(String step) {
    return assertRan(step, 1);
  }

  /** The work of the task was begun so often, crashes and attempts included. */
  public TestedRun assertRan(String step, int times) {
    int ran = account.performed().getOrDefault(path(step), 0);
    return check(
        ran == times, "'%s' is to run %d times, but ran %d times.".formatted(step, times, ran));
  }

  /** A step has left a value. */
  public <T> TestedRun assertOutput(Output<T> output, T expected) {
    return left(output.name(), Json.text(expected));
  }

  /** An approval was given a value, or its default was taken. */
  public <T> TestedRun assertOutput(Parameter<T> parameter, T expected) {
    return left(parameter.name(), Json.text(expected));
  }

  private TestedRun left(String name, String json) {
    String left = account.outputs().get(name);
    return check(
        json.equals(left),
        "The output '%s' is to be %s, but %s."
            .formatted(name, json, left == null ? "no step has set it" : "is " + left));
  }

  /** A command with exactly these words was begun. */
  public TestedRun assertCommand(String text) {
    return check(
        account.commands().stream().anyMatch(each -> each.text().equals(text)),
        "The command '%s' is to be run, but only these were:%n  %s"
            .formatted(text, shownCommands()));
  }

  /** No command that begins with these words was begun. */
  public TestedRun assertNoCommand(String beginning) {
    return check(
        account.commands().stream().noneMatch(each -> each.text().startsWith(beginning)),
        "No command '%s…' is to be run, but these were:%n  %s"
            .formatted(beginning, shownCommands()));
  }

  private String shownCommands() {
    return String.join(
        System.lineSeparator() + "  ",
        account.commands().stream().map(RanCommand::toString).toList());
  }

  /** The run waits, and for this step. */
  public TestedRun assertWaiting(String step) {
    return check(
        played.waits().stream().anyMatch(wait -> path(step).equals(wait.path())),
        "The run is to wait for '%s'.".formatted(step));
  }

  /** A step printed a text. */
  public TestedRun assertLog(String step, String part) {
    return check(
        log(step).contains(part),
        "'%s' is to print '%s', but printed:%n%s".formatted(step, part, log(step)));
  }

  /** A file was kept under this path. */
  public TestedRun assertArtifact(String name) {
    Map<String, byte[]> kept = played.ledger().artifacts();
    return check(
        kept.containsKey(name),
        "'%s' is to be kept, but only %s is.".formatted(name, kept.keySet()));
  }

  /** A run of another pipeline was started once with these parameters. */
  public TestedRun assertStarted(String pipeline, Map<String, String> parameters) {
    Ledger.Started wanted = new Ledger.Started(pipeline, parameters);
    return check(
        account.started().stream().filter(wanted::equals).count() == 1,
        "A run of '%s' with %s is to be started once, but started was %s."
            .formatted(pipeline, parameters, account.started()));
  }

  /** The run took so long, by the clock of the test. */
  public TestedRun assertTook(Duration expected) {
    return check(
        took().equals(expected), "The run is to take %s, but took %s.".formatted(expected, took()));
  }

  /** The losses of engines that were asked for came about. */
  void assertNothingMissed() {
    for (Crash crash : played.missed()) {
      check(
          false,
          "The engine is to be lost at '%s', but the run never got there."
              .formatted(Objects.requireNonNullElse(crash.step(), "an event")));
    }
  }

  Play.Played played() {
    return played;
  }

  Account account() {
    return account;
  }

  private static StepPath path(String step) {
    return new StepPath(step);
  }

  private TestedRun check(boolean right, String message) {
    if (!right) {
      throw new AssertionError(message + System.lineSeparator() + System.lineSeparator() + this);
    }
    return this;
  }

  /** The whole run as a tree, each step with its outcome and reason. */
  @Override
  public String toString() {
    return RunText.of(played, account);
  }
}
