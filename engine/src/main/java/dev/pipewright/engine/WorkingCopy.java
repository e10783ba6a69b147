package dev.pipewright.engine;

import dev.pipewright.engine.step.Command;
import dev.pipewright.engine.step.CommandException;
import dev.pipewright.engine.step.Commands;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What git says of a working tree.
 *
 * @param commit the commit it is at; empty if there is none
 * @param ref the full ref it is on; empty if there is none
 */
record WorkingCopy(String commit, String ref) {

  static WorkingCopy of(Commands commands) {
    if (!commands.has("git")) {
      return new WorkingCopy("", "");
    }
    return new WorkingCopy(
        ask(commands, "rev-parse", "--verify", "-q", "HEAD"),
        ask(commands, "symbolic-ref", "-q", "HEAD"));
  }

  private static String ask(Commands commands, String... question) {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(question));
    Map<String, String> environment =
        Map.of("PATH", commands.config().path(), "HOME", commands.config().home());
    try {
      int exitCode =
          commands.run(new Command.Program(command), environment, answer::write, (_, _, _) -> {});
      return exitCode == 0 ? answer.toString(StandardCharsets.UTF_8).strip() : "";
    } catch (CommandException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
