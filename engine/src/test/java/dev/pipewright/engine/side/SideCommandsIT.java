package dev.pipewright.engine.side;

import static dev.pipewright.testing.DockerCommand.docker;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.api.SideView;
import dev.pipewright.testing.NeedsDocker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The same in real containers, of another user than ours and without any capability. */
@NeedsDocker
final class SideCommandsIT extends SideContract {
  private final List<String> containers = new ArrayList<>();

  SideCommandsIT(@TempDir Path folder) throws IOException {
    super(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Override
  String image() {
    return System.getenv().getOrDefault("PIPEWRIGHT_TEST_IMAGE", "pipewright/base:test");
  }

  @BeforeEach
  void letAnotherUserIn() throws IOException {
    Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    for (String name : containers) {
      docker("rm", "-f", name);
    }
    assertThat(containers).isNotEmpty();
  }

  @Override
  Sides sides(Path folder) {
    return new DockerSides(folder);
  }

  /** Plays the Spawner's part with the command line of Docker. */
  private final class DockerSides implements Sides {
    private final Path folder;

    DockerSides(Path folder) {
      this.folder = folder;
    }

    @Override
    public Optional<Path> folder() {
      return Optional.of(folder);
    }

    @Override
    public SideView request(SideWish wish) throws IOException, InterruptedException {
      String name = "pw-side-test-" + wish.key();
      containers.add(name);
      List<String> words = new ArrayList<>(List.of("run", "-d", "--init", "--name", name));
      words.addAll(List.of("--network", "none", "--user", "4711:4711", "--cap-drop", "ALL"));
      words.addAll(List.of("--security-opt", "no-new-privileges"));
      words.addAll(List.of("-v", run + ":" + run, "--entrypoint", wish.command().getFirst()));
      words.add(wish.image());
      words.addAll(wish.command().subList(1, wish.command().size()));
      docker(words.toArray(String[]::new));
      return view(wish.key(), SideView.State.WANTED, Duration.ZERO);
    }

    @Override
    public SideView view(String key, SideView.State known, Duration patience)
        throws IOException, InterruptedException {
      long deadline = System.nanoTime() + patience.toNanos();
      while (true) {
        String state =
            docker("inspect", "-f", "{{.State.Status}} {{.State.ExitCode}}", "pw-side-test-" + key)
                .strip();
        SideView.State now =
            state.startsWith("running") ? SideView.State.RUNNING : SideView.State.ENDED;
        if (now != known || System.nanoTime() >= deadline) {
          return new SideView(key, now, null, now == SideView.State.ENDED ? state : null);
        }
        TimeUnit.MILLISECONDS.sleep(100);
      }
    }

    @Override
    public void end(String key) throws IOException, InterruptedException {
      docker("rm", "-f", "pw-side-test-" + key);
    }
  }
}
