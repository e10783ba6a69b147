package dev.pipewright.test;

import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.test.play.Ledger;
import dev.pipewright.test.play.Play;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a tested run came to: its last attempt, and what was done in all of them. Immutable. */
final class Account {
  private final Map<StepPath, RunEvent.StepFinished> finished = new LinkedHashMap<>();
  private final List<StepPath> began = new ArrayList<>();
  private final Map<StepPath, Integer> performed = new LinkedHashMap<>();
  private final Map<String, String> outputs = new LinkedHashMap<>();
  private final List<RanCommand> commands = new ArrayList<>();
  private final List<Ledger.Started> started = new ArrayList<>();

  private int attempts;

  private Account() {}

  static Account of(Play.Played played) {
    Account account = new Account();
    played.ledger().entries().forEach(account::read);
    return account;
  }

  private void read(Ledger.Entry entry) {
    switch (entry) {
      case Ledger.Told(int _, EventEnvelope envelope) -> read(envelope.event());
      case Ledger.Performed(int _, StepPath step) -> performed.merge(step, 1, Integer::sum);
      case Ledger.Command command ->
          commands.add(
              new RanCommand(command.step().value(), command.text(), command.environment()));
      case Ledger.Started start -> started.add(start);
      case Ledger.Said _ -> {}
    }
  }

  private void read(RunEvent event) {
    switch (event) {
      case RunEvent.RunStarted _ -> {
        attempts++;
        finished.clear();
        began.clear();
        outputs.clear();
      }
      case RunEvent.StepStarted start -> {
        if (!began.contains(start.path())) {
          began.add(start.path());
        }
      }
      case RunEvent.StepsReset reset ->
          reset
              .paths()
              .forEach(
                  path ->
                      finished.keySet().removeIf(each -> each.equals(path) || path.contains(each)));
      case RunEvent.StepFinished end -> {
        finished.put(end.path(), end);
        outputs.putAll(end.outputs());
      }
      default -> {}
    }
  }

  /** How each step ended, in the order in which they did. */
  Map<StepPath, RunEvent.StepFinished> finished() {
    return finished;
  }

  /** The steps that were begun, in the order in which they were first. */
  List<StepPath> began() {
    return began;
  }

  /** How often the work of each task was begun, in all attempts. */
  Map<StepPath, Integer> performed() {
    return performed;
  }

  /** How often the run was begun. */
  int attempts() {
    return attempts;
  }

  /** What steps have left, as JSON text. */
  Map<String, String> outputs() {
    return outputs;
  }

  /** The commands that were begun, in all attempts. */
  List<RanCommand> commands() {
    return commands;
  }

  /** The runs of other pipelines that were started. */
  List<Ledger.Started> started() {
    return started;
  }
}
