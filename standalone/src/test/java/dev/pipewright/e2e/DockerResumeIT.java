package dev.pipewright.e2e;

import static dev.pipewright.testing.DockerCommand.build;
import static dev.pipewright.testing.DockerCommand.docker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.api.SecretSpec;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.testing.NeedsDocker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs in containers that are killed, wait, hold secrets, and have containers beside them. */
@NeedsDocker
@Timeout(300)
class DockerResumeIT {
  private static final String BASE = "pipewright/base:test";
  private static final String GREETER = "pipewright/greeter:e2e";
  private static final String SECRET = "s3cr3t-of-containers";

  /** Where a container finds how much memory it may use, in the second and the first cgroups. */
  private static final String MEMORY =
      "/sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes";

  private static final String ASKED_FOR = Long.toString(256L << 20);
  private static final String GREET =
      """
      FROM %s
      RUN printf '%%s\\n' 'use IO::Socket::INET;' \\
        'sleep 1; my $s = IO::Socket::INET->new(LocalPort => 7000, Listen => 5, ReuseAddr => 1);' \\
        '$| = 1; while (my $c = $s->accept) { print "greeted\\n"; print $c "hello\\n"; close $c }' \
        >/greet.pl
      HEALTHCHECK --interval=200ms --start-period=5s CMD bash -c 'exec 3<>/dev/tcp/127.0.0.1/7000'
      CMD ["perl", "/greet.pl"]
      """;

  @TempDir static Path folder;
  private static ServerProcess server;
  private static Scenario scenario;

  @BeforeAll
  static void startServer() throws Exception {
    build(GREETER, GREET.formatted(BASE));
    server = ServerProcess.start(folder.resolve("data"), "docker");
    scenario = new Scenario(server, folder);
  }

  @AfterAll
  static void stopServer() throws Exception {
    server.close();
    docker("rmi", "--force", GREETER);
  }

  private static List<String> containersOf(RunSnapshot run) {
    return docker("ps", "-aq", "--filter", "label=dev.pipewright.run=" + run.id()).lines().toList();
  }

  private static RunSnapshot thenSucceeded(String pipeline) {
    RunSnapshot run = scenario.thenFinished(pipeline, 1).getFirst();
    assertThat(run.outcome()).as(run.reason()).isEqualTo(Outcome.SUCCEEDED);
    await().atMost(Scenario.PATIENCE).until(() -> containersOf(run).isEmpty());
    return run;
  }

  private static void awaitOutput(RunSnapshot run, String step, String text) {
    await()
        .atMost(Scenario.PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions()
        .until(() -> scenario.log(run, step).contains(text));
  }

  @Test
  void aRunWhoseContainerIsKilledGoesOnInItsVolume() {
    scenario
        .givenSource("killed")
        .pipeline(
            "killed",
            """
            sh("one", "echo one >>steps"),
            sh("two", "echo two >>steps; echo begun; [ $(grep -c two steps) = 2 ] || sleep 600"),
            sh("three", "echo three >>steps; cat steps | tr '\\\\n' ' '")
            """)
        .release("go");
    RunSnapshot run = scenario.thenIs("killed", Phase.RUNNING);
    awaitOutput(run, "two", "begun");

    docker("kill", containersOf(run).getFirst());

    thenSucceeded("killed");
    assertThat(scenario.log(run, "three")).isEqualTo("one two two three ");
  }

  @Test
  void aWaitingRunHoldsNoContainerAndGoesOnInItsVolume() {
    scenario
        .givenSource("waiting")
        .pipeline(
            "waiting",
            "sh(\"one\", \"echo kept >file\"), approval(\"go\"), sh(\"two\", \"cat file\")")
        .release("go");
    RunSnapshot run = scenario.thenIs("waiting", Phase.WAITING);
    await().atMost(Scenario.PATIENCE).until(() -> containersOf(run).isEmpty());

    scenario.decide(run, "go", true, Map.of());

    thenSucceeded("waiting");
    assertThat(scenario.log(run, "two")).isEqualTo("kept\n");
  }

  @Test
  void aSecretIsNotToBeFoundInWhatDockerKnowsOfAContainer() {
    server.http().post(Routes.SECRETS, new SecretSpec("BOX_KEY", SECRET, null));
    scenario
        .givenSource("secretly")
        .pipeline(
            "secretly",
            "sh(\"use\", \"echo length ${#BOX_KEY}; sleep 3\").needs(secret(\"BOX_KEY\"))")
        .release("go");
    RunSnapshot run = scenario.thenIs("secretly", Phase.RUNNING);
    awaitOutput(run, "use", "length " + SECRET.length());

    List<String> containers = containersOf(run);
    assertThat(containers).isNotEmpty();
    for (String container : containers) {
      assertThat(docker("inspect", container)).contains("PIPEWRIGHT_RUN").doesNotContain(SECRET);
    }
    thenSucceeded("secretly");
  }

  @Test
  void aStepWithItsOwnImageAndAServiceShareTheWorkspaceAndTheNetwork() {
    scenario
        .givenSource("beside")
        .pipeline(
            "beside",
            ".memory(\"256m\")",
            """
            sh("before", "echo shared >file; cat %s 2>&1 || true"),
            sh("inside", "cat %s 2>&1 || true; cat file; cat </dev/tcp/db/7000; cat /greet.pl | head -c 3; exit 0")
                .image("%s").with(service("db", "%s")),
            sh("after", "ls /greet.pl || echo not here")
            """
                .formatted(MEMORY, MEMORY, GREETER, GREETER))
        .release("go");

    RunSnapshot run = thenSucceeded("beside");

    assertThat(scenario.log(run, "inside"))
        .contains("shared\nhello\nuse", "[the service db printed:]\ngreeted\n");
    assertThat(scenario.log(run, "after")).contains("not here");
    assertThat(scenario.log(run, "before")).contains(ASKED_FOR);
    assertThat(scenario.log(run, "inside")).contains(ASKED_FOR);
  }

  @Test
  void aServiceIsGoneWithItsRunThoughTheServerWasKilledMeanwhile() {
    scenario
        .givenSource("orphaned")
        .pipeline(
            "orphaned",
            "sh(\"use\", \"echo begun; sleep 4; cat </dev/tcp/db/7000\").with(service(\"db\", \"%s\"))"
                .formatted(GREETER))
        .release("go");
    RunSnapshot run = scenario.thenIs("orphaned", Phase.RUNNING);
    awaitOutput(run, "use", "begun");
    assertThat(containersOf(run)).hasSize(2);

    server.kill();
    server.restart();

    thenSucceeded("orphaned");
    assertThat(scenario.log(run, "use")).contains("hello");
  }

  @Test
  void aServiceWhoseImageTheHostDoesNotHaveSaysSo() {
    scenario
        .givenSource("imageless")
        .pipeline(
            "imageless",
            "sh(\"use\", \"echo\").with(service(\"db\", \"pipewright/no-such-image:1\"))")
        .release("go");

    RunSnapshot run = scenario.thenFinished("imageless", 1).getFirst();

    assertThat(run.outcome()).isEqualTo(Outcome.ERRORED);
    assertThat(scenario.step(run, "use").reason())
        .contains("docker pull pipewright/no-such-image:1");
  }
}
