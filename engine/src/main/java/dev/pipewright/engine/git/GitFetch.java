package dev.pipewright.engine.git;

import dev.pipewright.engine.log.StepLog;
import dev.pipewright.engine.step.Command;
import dev.pipewright.engine.step.CommandException;
import dev.pipewright.engine.step.Commands;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The checkout by the {@code git} program. The token travels in the environment, never in
 * arguments, and no configuration of the machine takes part. Confined to one call.
 */
final class GitFetch {
  private final Remote remote;
  private final Commands commands;
  private final StepLog log;

  GitFetch(Remote remote, Commands commands, StepLog log) {
    this.remote = remote;
    this.commands = commands;
    this.log = log;
  }

  void run() throws CheckoutException, InterruptedException {
    String commit = remote.commit().value();
    git("init", "-q");
    git("fetch", "-q", "--no-tags", "--force", "--depth", "1", "--", remote.url(), commit);
    git("checkout", "-q", "--force", "--detach", commit);
  }

  private void git(String... args) throws CheckoutException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(args));
    try {
      int exitCode = commands.run(new Command.Program(command), environment(), log, null);
      if (exitCode != 0) {
        throw new CheckoutException(
            "Could not check out %s: git %s ended with exit code %d."
                .formatted(remote, args[0], exitCode));
      }
    } catch (CommandException e) {
      throw new CheckoutException(e.getMessage() == null ? "git failed" : e.getMessage());
    }
  }

  private Map<String, String> environment() {
    Map<String, String> variables = new HashMap<>();
    variables.put("PATH", commands.config().path());
    variables.put("HOME", commands.config().home());
    variables.put("GIT_TERMINAL_PROMPT", "0");
    variables.put("GIT_CONFIG_NOSYSTEM", "1");
    variables.put("GIT_CONFIG_GLOBAL", "/dev/null");
    variables.put("GIT_ADVICE", "0");
    List<Map.Entry<String, String>> settings =
        new ArrayList<>(
            List.of(
                Map.entry("safe.directory", "*"),
                Map.entry("init.defaultBranch", "pipewright"),
                Map.entry("core.hooksPath", "/dev/null"),
                Map.entry("protocol.ext.allow", "never")));
    if (remote.token() != null) {
      settings.add(Map.entry("http.extraHeader", "Authorization: Bearer " + remote.token()));
    }
    variables.put("GIT_CONFIG_COUNT", Integer.toString(settings.size()));
    for (int i = 0; i < settings.size(); i++) {
      variables.put("GIT_CONFIG_KEY_" + i, settings.get(i).getKey());
      variables.put("GIT_CONFIG_VALUE_" + i, settings.get(i).getValue());
    }
    return variables;
  }
}
