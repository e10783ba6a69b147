package dev.pipewright.engine.side;

import dev.pipewright.protocol.api.SideView;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Processes in the place of containers. Thread-safe. */
final class ProcessSides implements Sides {
  private final Path folder;
  private final Map<String, Process> started = new ConcurrentHashMap<>();

  ProcessSides(Path folder) {
    this.folder = folder;
  }

  @Override
  public Optional<Path> folder() {
    return Optional.of(folder);
  }

  @Override
  public SideView request(SideWish wish) throws IOException {
    List<String> line = new ArrayList<>(List.of("setsid", "--wait"));
    line.addAll(wish.command());
    ProcessBuilder builder =
        new ProcessBuilder(line).redirectOutput(Redirect.DISCARD).redirectError(Redirect.DISCARD);
    builder.environment().clear();
    builder.environment().putAll(Map.of("PATH", "/usr/bin:/bin", "HOME", "/"));
    started.put(wish.key(), builder.start());
    return new SideView(wish.key(), SideView.State.WANTED, null, null);
  }

  @Override
  public SideView view(String key, SideView.State known, Duration patience)
      throws IOException, InterruptedException {
    Process process = started.get(key);
    if (process == null) {
      throw new IOException("There is no " + key + ".");
    }
    long wait = known == SideView.State.RUNNING ? patience.toMillis() : 0;
    return process.waitFor(wait, TimeUnit.MILLISECONDS)
        ? new SideView(key, SideView.State.ENDED, process.exitValue(), null)
        : new SideView(key, SideView.State.RUNNING, null, null);
  }

  @Override
  public void end(String key) {
    Process process = started.get(key);
    if (process != null) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
