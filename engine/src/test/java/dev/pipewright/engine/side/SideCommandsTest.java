package dev.pipewright.engine.side;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.dsl.definition.Modifier;
import dev.pipewright.dsl.definition.SourceLocation;
import dev.pipewright.engine.step.Command;
import dev.pipewright.engine.step.CommandException;
import dev.pipewright.engine.step.MachineCommands;
import dev.pipewright.engine.step.ProcessConfig;
import dev.pipewright.engine.time.RealTime;
import dev.pipewright.protocol.api.SideView;
import dev.pipewright.protocol.api.SideView.State;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands beside the engine, in processes; and all that may go wrong before one begins. */
final class SideCommandsTest extends SideContract {
  private final List<String> log = new ArrayList<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  SideCommandsTest(@TempDir Path folder) throws IOException {
    super(folder);
  }

  @Override
  Sides sides(Path folder) {
    return new ProcessSides(folder);
  }

  /** Answers what it is told to, one after the other, then the last one for ever. */
  private static final class Scripted implements Sides {
    private final Path folder;
    private final List<SideView> views;
    private final List<String> calls = new ArrayList<>();

    Scripted(Path folder, SideView... views) {
      this.folder = folder;
      this.views = new ArrayList<>(List.of(views));
    }

    private synchronized SideView next() {
      return views.size() > 1 ? views.removeFirst() : views.getFirst();
    }

    @Override
    public Optional<Path> folder() {
      return Optional.of(folder);
    }

    @Override
    public SideView request(SideWish wish) {
      calls.add("request " + wish.name() + " " + wish.image());
      return next();
    }

    @Override
    public SideView view(String key, State known, Duration patience) {
      return next();
    }

    @Override
    public void end(String key) {
      calls.add("end");
    }
  }

  private static SideView view(State state, @Nullable String reason) {
    return new SideView("k", state, null, reason);
  }

  private int run(Sides sides) throws Exception {
    ProcessConfig config = new ProcessConfig("/usr/bin:/bin", "/", Duration.ofSeconds(1));
    var pumps = Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory());
    var commands =
        new SideCommands(
            new MachineCommands(work, config, pumps), sides, "node:22", Map.of(), log::add);
    return commands.run(Command.shell("echo here; exit 4"), Map.of(), out::write, null);
  }

  @Test
  void an_image_that_is_not_there_is_an_error_and_the_step_does_not_run_elsewhere() {
    Scripted sides =
        new Scripted(
            run, view(State.WANTED, null), view(State.FAILED, "The image node:22 is not there."));

    assertThatThrownBy(() -> run(sides))
        .isInstanceOf(CommandException.class)
        .hasMessage("The container of node:22 is lost: The image node:22 is not there.");
    assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
    assertThat(sides.calls).containsExactly("request  node:22", "end");
  }

  @Test
  void a_command_killed_for_want_of_memory_ends_with_that_reason() throws Exception {
    String reason = "It ran out of memory: it may use 96 MiB.";

    assertThatThrownBy(() -> run(new Killing(run, reason)))
        .isInstanceOf(CommandException.class)
        .hasMessage("The command in node:22 was killed. " + reason);
    assertThat(run(new Killing(run, "It ended with exit code 137."))).isEqualTo(137);
  }

  /** A container in which every command is killed, and that ends with a reason. */
  private static final class Killing implements Sides {
    private final Path folder;
    private final String reason;
    private volatile @Nullable Process started;

    Killing(Path folder, String reason) {
      this.folder = folder;
      this.reason = reason;
    }

    @Override
    public Optional<Path> folder() {
      return Optional.of(folder);
    }

    @Override
    public SideView request(SideWish wish) throws IOException {
      Path script = Path.of(wish.command().getLast());
      String says = "here='%s'; : <\"$here/env\"; : >\"$here/out\"; echo 137 >\"$here/exit\"";
      started =
          new ProcessBuilder("sh", "-c", says.formatted(script.getParent())).inheritIO().start();
      return SideCommandsTest.view(State.RUNNING, null);
    }

    @Override
    public SideView view(String key, State known, Duration patience) throws InterruptedException {
      Objects.requireNonNull(started).waitFor();
      return SideCommandsTest.view(State.ENDED, reason);
    }

    @Override
    public void end(String key) {}
  }

  @Test
  void where_there_are_no_containers_the_image_is_passed_over_with_a_line() throws Exception {
    SideView none = view(State.FAILED, "The image node:22 needs containers, but there are none.");

    assertThat(run(new Scripted(run, none))).isEqualTo(4);
    assertThat(run(new Scripted(run, view(State.WANTED, null), none))).isEqualTo(4);
    assertThat(run(new NoSides("This is a local run."))).isEqualTo(4);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("here\n".repeat(3));
    assertThat(log)
        .hasSize(3)
        .containsOnly("[there are no containers here: the step runs without the image node:22]");
  }

  private @Nullable String start(Sides sides) throws Exception {
    try (Services services = new Services(sides, new RealTime(InstantSource.system()), log::add)) {
      SourceLocation here = new SourceLocation("P.java", 1);
      String problem = services.start(List.of(new Modifier.With("db", "postgres:17", here)));
      services.tellEnded();
      return problem;
    }
  }

  @Test
  void services_are_awaited_and_ended() throws Exception {
    Scripted sides =
        new Scripted(
            run, view(State.WANTED, null), view(State.STARTING, null), view(State.RUNNING, null));

    assertThat(start(sides)).isNull();
    assertThat(sides.calls).containsExactly("request db postgres:17", "end");
    assertThat(log).isEmpty();
  }

  @Test
  void a_service_that_does_not_start_is_told_with_its_reason() throws Exception {
    assertThat(start(new Scripted(run, view(State.FAILED, "It did not become healthy."))))
        .isEqualTo("The service db (postgres:17) did not start: It did not become healthy.");
    assertThat(start(new NoSides("This is a local run.")))
        .isEqualTo(
            "The service db (postgres:17) did not start: It needs containers. This is a local run.");
  }

  @Test
  void a_service_that_ended_meanwhile_is_told() throws Exception {
    Scripted sides =
        new Scripted(run, view(State.RUNNING, null), view(State.ENDED, "It ran out of memory."));

    assertThat(start(sides)).isNull();
    assertThat(log).containsExactly("[the service db has ended meanwhile: It ran out of memory.]");
  }
}
