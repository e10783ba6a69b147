package dev.pipewright.test;

import dev.pipewright.dsl.Output;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.test.play.Act;
import dev.pipewright.test.play.Act.End;
import dev.pipewright.test.play.Acts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a command or a task does in a test: {@code prints("v1.2")}, {@code fails("no route to
 * host")}, {@code succeeds().taking(ofMinutes(3))}. Begin with one of the static words and go on
 * with those that end in <i>-ing</i>. Immutable.
 *
 * <p>It takes a second unless it says otherwise; no real time passes.
 */
public final class Script {
  private final List<Act> turns;
  private final @Nullable Act then;

  private Script(List<Act> turns, @Nullable Act then) {
    this.turns = List.copyOf(turns);
    this.then = then;
  }

  private static Script of(Act act) {
    return new Script(List.of(), act);
  }

  /** Succeeds and prints nothing. */
  public static Script succeeds() {
    return of(Act.NOTHING);
  }

  /** Succeeds and prints a text, with a line end after it. */
  public static Script prints(String text) {
    return succeeds().printing(text);
  }

  /** Ends with an exit code; a task is FAILED unless it is zero. */
  public static Script exits(int code) {
    return succeeds().exiting(code);
  }

  /** A task is FAILED for this reason; a command prints it as an error and has exit code 1. */
  public static Script fails(String reason) {
    return of(new Act(null, "", End.FAILS, 1, reason, Map.of(), Map.of()));
  }

  /** A task is ERRORED for this reason; a command cannot be started. */
  public static Script errors(String reason) {
    return of(new Act(null, "", End.ERRORS, 1, reason, Map.of(), Map.of()));
  }

  /** Does not end until it is cancelled or its time is over. */
  public static Script hangs() {
    return of(new Act(null, "", End.HANGS, 0, "", Map.of(), Map.of()));
  }

  /** Succeeds after that time. */
  public static Script takes(Duration length) {
    return succeeds().taking(length);
  }

  /** Succeeds and writes a file, its path relative to where the command runs. */
  public static Script writes(String file, String content) {
    return succeeds().writing(file, content);
  }

  /** Succeeds and leaves a value for later steps; only tasks do. */
  public static <T> Script sets(Output<T> output, T value) {
    return succeeds().setting(output, value);
  }

  /** Does so the first times; later it does what it would do without a script. */
  public static Script times(int count, Script script) {
    if (count < 1) {
      throw new IllegalArgumentException("times(count, …) counts from 1, but is " + count + ".");
    }
    List<Act> turns = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      turns.add(script.single("times"));
    }
    return new Script(turns, null);
  }

  /** Does one after the other each time; the last one for ever. */
  public static Script inTurn(Script first, Script second, Script... rest) {
    List<Act> turns = new ArrayList<>();
    turns.add(first.single("inTurn"));
    turns.add(second.single("inTurn"));
    for (Script script : rest) {
      turns.add(script.single("inTurn"));
    }
    return new Script(turns, turns.getLast());
  }

  /** This, and prints a text, with a line end after it. */
  public Script printing(String text) {
    Act act = single("printing");
    String line = text.isEmpty() || text.endsWith("\n") ? text : text + "\n";
    return of(
        new Act(
            act.takes(),
            act.text() + line,
            act.end(),
            act.exitCode(),
            act.reason(),
            act.outputs(),
            act.files()));
  }

  /** This, with another exit code. */
  public Script exiting(int code) {
    Act act = single("exiting");
    return of(new Act(act.takes(), act.text(), End.EXITS, code, "", act.outputs(), act.files()));
  }

  /** This, after that time. */
  public Script taking(Duration length) {
    if (length.isNegative()) {
      throw new IllegalArgumentException("A script cannot take " + length + ".");
    }
    Act act = single("taking");
    return of(
        new Act(
            length,
            act.text(),
            act.end(),
            act.exitCode(),
            act.reason(),
            act.outputs(),
            act.files()));
  }

  /** This, and writes a file, its path relative to where the command runs. */
  public Script writing(String file, String content) {
    Act act = single("writing");
    Map<String, String> files = new HashMap<>(act.files());
    files.put(file, content);
    return of(
        new Act(
            act.takes(),
            act.text(),
            act.end(),
            act.exitCode(),
            act.reason(),
            act.outputs(),
            files));
  }

  /** This, and leaves a value for later steps; only tasks do. */
  public <T> Script setting(Output<T> output, T value) {
    Act act = single("setting");
    Map<String, String> outputs = new HashMap<>(act.outputs());
    outputs.put(output.name(), Json.text(value));
    return of(
        new Act(
            act.takes(),
            act.text(),
            act.end(),
            act.exitCode(),
            act.reason(),
            outputs,
            act.files()));
  }

  private Act single(String word) {
    if (then == null || !turns.isEmpty()) {
      throw new IllegalArgumentException(
          "%s takes a script that does the same each time.".formatted(word));
    }
    return then;
  }

  Acts acts() {
    return new Acts(turns, then);
  }

  @Override
  public String toString() {
    return "Script" + turns + then;
  }
}
