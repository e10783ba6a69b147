package dev.pipewright.engine.git;

import dev.pipewright.engine.log.StepLog;
import dev.pipewright.engine.step.Command;
import dev.pipewright.engine.step.CommandException;
import dev.pipewright.engine.step.Commands;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Brings repositories with the {@code git} program: the newest commit of one branch, without its
 * history and without credentials. What was changed or left in the folder before is gone
 * afterwards. Thread-safe.
 */
public final class GitRepositories implements Repositories {
  private static final int LAST_WORDS = 500;

  @Override
  public void bring(Wish wish, Commands commands, StepLog log)
      throws CheckoutException, InterruptedException {
    if (!commands.has("git")) {
      throw new CheckoutException(
          "Another repository needs the program 'git', which is not on the PATH.");
    }
    try {
      Files.createDirectories(wish.folder());
    } catch (IOException e) {
      throw new CheckoutException("Could not make " + wish.folder() + ": " + e.getMessage());
    }
    Commands inside = commands.in(wish.folder());
    @Nullable String branch = wish.branch();
    String ref = branch == null ? "HEAD" : "refs/heads/" + branch;
    git(wish, inside, log, "init", "-q");
    git(
        wish,
        inside,
        log,
        "fetch",
        "-q",
        "--no-tags",
        "--force",
        "--depth",
        "1",
        "--",
        wish.url(),
        ref);
    git(wish, inside, log, "checkout", "-q", "--force", "--detach", "FETCH_HEAD");
    git(wish, inside, log, "clean", "-q", "-ffdx");
  }

  private static void git(Wish wish, Commands commands, StepLog log, String... args)
      throws CheckoutException, InterruptedException {
    List<String> line = new ArrayList<>(List.of("git"));
    line.addAll(List.of(args));
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try {
      int exitCode =
          commands.run(
              new Command.Program(line),
              environment(commands, wish.folder()),
              (bytes, offset, length) -> {
                if (said.size() < LAST_WORDS) {
                  said.write(bytes, offset, Math.min(length, LAST_WORDS - said.size()));
                }
                log.write(bytes, offset, length);
              },
              null);
      if (exitCode != 0) {
        throw new CheckoutException(
            "Could not bring %s: git %s ended with exit code %d. %s"
                .formatted(
                    wish.url(), args[0], exitCode, said.toString(StandardCharsets.UTF_8).strip()));
      }
    } catch (CommandException e) {
      throw new CheckoutException(e.getMessage() == null ? "git failed" : e.getMessage());
    }
  }

  private static Map<String, String> environment(Commands commands, Path folder) {
    Map<String, String> variables = new HashMap<>();
    variables.put("PATH", commands.config().path());
    variables.put("HOME", commands.config().home());
    variables.put("GIT_DIR", folder.resolve(".git").toString());
    variables.put("GIT_WORK_TREE", folder.toString());
    variables.put("GIT_TERMINAL_PROMPT", "0");
    variables.put("GIT_CONFIG_NOSYSTEM", "1");
    variables.put("GIT_CONFIG_GLOBAL", "/dev/null");
    variables.put("GIT_ADVICE", "0");
    variables.put("GIT_SSH_COMMAND", "ssh -o BatchMode=yes");
    variables.put("GIT_CONFIG_COUNT", "4");
    variables.put("GIT_CONFIG_KEY_0", "safe.directory");
    variables.put("GIT_CONFIG_VALUE_0", "*");
    variables.put("GIT_CONFIG_KEY_1", "init.defaultBranch");
    variables.put("GIT_CONFIG_VALUE_1", "pipewright");
    variables.put("GIT_CONFIG_KEY_2", "core.hooksPath");
    variables.put("GIT_CONFIG_VALUE_2", "/dev/null");
    variables.put("GIT_CONFIG_KEY_3", "protocol.ext.allow");
    variables.put("GIT_CONFIG_VALUE_3", "never");
    return variables;
  }
}
