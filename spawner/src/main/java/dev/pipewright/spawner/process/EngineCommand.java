package dev.pipewright.spawner.process;

import dev.pipewright.spawner.launch.LaunchRequest;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Builds and starts the command line of an engine, wrapped so that its end is written down. */
final class EngineCommand {
  /**
   * Leads the session. It writes down which process it is, runs the command and writes down how
   * much time of processors that took, with all it waited for, and its exit code; a request to end
   * reaches the command, not the wrapper. The output is appended, so that it can be shortened
   * meanwhile. Where the kernel shares processors out among sessions, the priority of a process
   * counts within its session only, and that of the session is set, too. Arguments: folder,
   * priority, command.
   */
  private static final String WRAPPER =
      """
      trap : TERM INT HUP
      folder=$1
      { printf '%s\\n' "$2" >/proc/self/autogroup; } 2>/dev/null
      shift 2
      read -r stat </proc/$$/stat
      printf '%s\\n' "$stat" >"$folder/stat"
      (exec "$@" </dev/null >>"$folder/output" 2>&1)
      code=$?
      times >"$folder/times"
      printf '%s\\n' $code >"$folder/exit"
      """;

  /** Below the server's own priority, so that many runs at once do not keep it from answering. */
  private static final String LOWER = "10";

  private final ProcessLauncherConfig config;

  EngineCommand(ProcessLauncherConfig config) {
    this.config = config;
  }

  /** Starts the unit; its leader writes its own {@code stat} a moment later. */
  void start(LaunchRequest request, UnitFolder folder, Path workspace) throws IOException {
    List<String> command = request.command().isEmpty() ? config.command() : request.command();
    checkExecutable(command.getFirst());
    List<String> line = new ArrayList<>();
    line.add("setsid");
    if (isOnPath("nice")) {
      line.addAll(List.of("nice", "-n", LOWER));
    }
    line.addAll(List.of("sh", "-c", WRAPPER, "pipewright-unit"));
    line.addAll(List.of(folder.path().toString(), LOWER));
    line.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .directory(workspace.toFile())
            .redirectInput(new File("/dev/null"))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    Map<String, String> environment = builder.environment();
    environment.clear();
    environment.put("PATH", config.path());
    environment.put("HOME", home().toString());
    environment.put("LANG", "C.UTF-8");
    environment.put("PIPEWRIGHT_SERVER", config.server().toString());
    environment.put("PIPEWRIGHT_RUN", request.run().toString());
    environment.put("PIPEWRIGHT_RUN_TOKEN", request.token());
    environment.put("PIPEWRIGHT_WORKSPACE", workspace.toString());
    builder.start();
  }

  /** The home folder all runs share, so that the caches of their tools outlive them. */
  private Path home() throws IOException {
    return Files.createDirectories(config.data().resolve("home"));
  }

  /** Sends TERM to every process of a session's first group. */
  void askToEnd(long session) throws IOException, InterruptedException {
    Process kill =
        new ProcessBuilder("sh", "-c", "kill -s TERM -- \"-$1\"", "sh", Long.toString(session))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!kill.waitFor(5, TimeUnit.SECONDS)) {
      kill.destroyForcibly();
    }
  }

  private void checkExecutable(String program) throws IOException {
    boolean found =
        program.contains("/") ? Files.isExecutable(Path.of(program)) : isOnPath(program);
    if (!found) {
      throw new IOException("there is no program " + program);
    }
  }

  private boolean isOnPath(String program) {
    return List.of(config.path().split(":", -1)).stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
