package dev.pipewright.builder.testing;

import dev.pipewright.protocol.CommitId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A real repository made with the real git. */
public final class GitRepo {
  private final Path folder;

  private GitRepo(Path folder) {
    this.folder = folder;
  }

  public static GitRepo create(Path folder, String... options) throws IOException {
    Files.createDirectories(folder);
    GitRepo repo = new GitRepo(folder);
    List<String> init = new ArrayList<>(List.of("init", "-q", "-b", "main"));
    init.addAll(List.of(options));
    repo.git(init.toArray(String[]::new));
    return repo;
  }

  public Path folder() {
    return folder;
  }

  public String url() {
    return folder.toString();
  }

  public GitRepo write(String file, String content) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content);
    return this;
  }

  public CommitId commit(String message) throws IOException {
    git("add", "-A");
    git("commit", "-q", "--allow-empty", "-m", message);
    return head();
  }

  public CommitId head() throws IOException {
    return new CommitId(git("rev-parse", "HEAD").strip());
  }

  public String git(String... arguments) throws IOException {
    Result result = run(folder, Map.of(), arguments);
    if (result.exitCode() != 0) {
      throw new IOException("git " + String.join(" ", arguments) + ": " + result.output());
    }
    return result.output();
  }

  /** How a git command ended, with everything it printed. */
  public record Result(int exitCode, String output) {}

  /** Runs git without the configuration of the machine or of a user. */
  public static Result run(Path folder, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> line = new ArrayList<>(List.of("git"));
    line.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(line).directory(folder.toFile());
    builder.redirectErrorStream(true);
    Map<String, String> env = builder.environment();
    env.putAll(Map.of("GIT_CONFIG_NOSYSTEM", "1", "HOME", folder.toString()));
    env.putAll(Map.of("GIT_TERMINAL_PROMPT", "0", "GIT_AUTHOR_NAME", "A"));
    env.putAll(Map.of("GIT_AUTHOR_EMAIL", "a@example.org", "GIT_COMMITTER_NAME", "C"));
    env.putAll(Map.of("GIT_COMMITTER_EMAIL", "c@example.org"));
    env.putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("git did not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return new Result(process.exitValue(), output);
  }
}
