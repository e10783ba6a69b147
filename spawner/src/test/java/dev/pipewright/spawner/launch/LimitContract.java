package dev.pipewright.spawner.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.api.LaunchEnd;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * What every launcher keeps to about units that pass a limit. A server that is killed is one whose
 * launcher nobody asks any more, and is not closed.
 */
public abstract class LimitContract extends LauncherContract {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Limits.Breach TOO_LONG =
      new Limits.Breach(LaunchEnd.Limit.TIME, "The run took longer than its limit of 2 minutes.");

  @Test
  void endsAnEngineThatPrintsWithoutEndAndSaysWhichLimitThatWas() throws Exception {
    Launched unit = launch(shell("exec yes 'nothing to say, but at length'"));

    UnitEnd end = launcher.await(unit);

    assertThat(end.kind()).isEqualTo(LaunchEnd.Kind.LIMIT);
    assertThat(end.limit()).isEqualTo(LaunchEnd.Limit.OUTPUT);
    assertThat(end.reason()).contains("more than 2 MiB", "--engine-output");
    assertThat(launcher.await(unit)).isEqualTo(end);
  }

  @Test
  void tellsTheLimitOfAUnitThatAKilledServerHadEnded() throws Exception {
    Launched unit = launch(shell("exec yes 'nothing to say, but at length'"));
    UnitEnd seen = launcher.await(unit);

    try (Launcher next = newLauncher()) {
      assertThat(next.await(unit)).isEqualTo(seen);
      assertThat(seen.kind()).isEqualTo(LaunchEnd.Kind.LIMIT);
    }
  }

  @Test
  void tellsTheLimitAUnitWasStoppedFor() throws Exception {
    Launched unit = launch(shell("echo begun; sleep 300"));
    awaitOutput(unit, "begun");

    launcher.stop(unit, Duration.ZERO, TOO_LONG);

    try (Launcher next = newLauncher()) {
      UnitEnd end = next.await(unit);
      assertThat(end.kind()).isEqualTo(LaunchEnd.Kind.LIMIT);
      assertThat(end.limit()).isEqualTo(TOO_LONG.limit());
      assertThat(end.reason()).isEqualTo(TOO_LONG.reason());
      assertThat(launcher.await(unit)).isEqualTo(end);
    }
  }

  @Test
  void endsAUnitThatAKilledServerHadOnlyBegunToEnd() throws Exception {
    Launched unit =
        launch(shell("trap 'echo asked' TERM; echo begun; while :; do sleep 0.1; done"));
    awaitOutput(unit, "begun");
    Thread killed = Thread.ofVirtual().start(() -> launcher.stop(unit, LONG, TOO_LONG));
    awaitOutput(unit, "asked");

    try (Launcher next = newLauncher()) {
      UnitEnd end = next.await(unit);
      assertThat(end.kind()).isEqualTo(LaunchEnd.Kind.LIMIT);
      assertThat(end.reason()).isEqualTo(TOO_LONG.reason());
      next.release(unit, false);
    }
    killed.join();
  }

  @Test
  void forgetsTheLimitWithTheUnit() throws Exception {
    LaunchRequest request = shell("echo begun; sleep 0.5; exit 3");
    Launched unit = launch(request);
    launcher.stop(unit, Duration.ZERO, TOO_LONG);
    assertThat(launcher.await(unit).kind()).isEqualTo(LaunchEnd.Kind.LIMIT);
    launcher.release(unit, true);

    assertThat(launcher.await(launch(request)).kind()).isEqualTo(LaunchEnd.Kind.EXITED);
  }
}
