package dev.pipewright.spawner.docker;

import static dev.pipewright.spawner.launch.Confinement.FOREIGN;
import static dev.pipewright.spawner.launch.Confinement.ISOLATED;
import static dev.pipewright.spawner.launch.Confinement.USUAL;
import static dev.pipewright.testing.DockerCommand.docker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.RunId;
import dev.pipewright.spawner.launch.Confinement;
import dev.pipewright.spawner.launch.LaunchException;
import dev.pipewright.spawner.launch.LaunchRequest;
import dev.pipewright.spawner.launch.Launched;
import dev.pipewright.spawner.launch.Limits;
import dev.pipewright.spawner.launch.UnitId;
import dev.pipewright.spawner.launch.Workspace;
import dev.pipewright.testing.NeedsDocker;
import dev.pipewright.testing.NeedsRoot;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a container can reach and write, tried from inside of it. */
@NeedsDocker
@Timeout(180)
class IsolationIT {
  private static final String IMAGE =
      System.getenv().getOrDefault("PIPEWRIGHT_TEST_IMAGE", "pipewright/base:test");
  private static final String METADATA = "169.254.169.254";

  /** Says whether somebody answers at each address, as in {@code 10.0.0.1:80 closed}. */
  private static final String KNOCK =
      """
      for to in "$@"; do
        if greeting=$(timeout 2 bash -c "exec 3<>/dev/tcp/${to%:*}/${to#*:} && cat <&3" 2>/dev/null)
        then echo "$to says $greeting"; else echo "$to closed"; fi
      done
      """;

  private final String instance = "ii-" + HexFormat.of().toHexDigits(new Random().nextInt());
  private final List<DockerLauncher> launchers = new ArrayList<>();
  private int knocks;
  private ServerSocket server;
  private ServerSocket secret;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0);
    secret = new ServerSocket(0);
    Thread.ofVirtual().start(() -> greet(server, "server"));
    Thread.ofVirtual().start(() -> greet(secret, "secret"));
  }

  private static void greet(ServerSocket socket, String word) {
    try {
      while (true) {
        try (Socket visitor = socket.accept()) {
          visitor.getOutputStream().write(word.getBytes(StandardCharsets.UTF_8));
        }
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  @AfterEach
  void close() throws IOException {
    for (DockerLauncher launcher : launchers) {
      launcher.list().forEach(unit -> launcher.release(unit, false));
      launcher.removeNetworks();
      launcher.close();
    }
    server.close();
    secret.close();
  }

  private DockerLauncher launcher(Isolation isolation) {
    DockerLauncher launcher =
        new DockerLauncher(
            new DockerLauncherConfig(
                instance + launchers.size(),
                null,
                "http://{gateway}:" + server.getLocalPort(),
                List.of("sh"),
                Limits.defaults(1).withMemory(64L << 20, 64),
                isolation));
    launchers.add(launcher);
    return launcher;
  }

  private Launched start(
      DockerLauncher launcher, String name, Confinement confinement, String... line) {
    RunId run = RunId.parse(name + "#1");
    return launcher.launch(
        new LaunchRequest(
            UnitId.of(instance, run, 1),
            run,
            1,
            Workspace.of(instance, run, 1),
            "the-token",
            IMAGE,
            confinement,
            Instant.parse("2030-01-02T03:04:05Z"),
            List.of(line)));
  }

  private String outputOf(DockerLauncher launcher, Launched unit) throws InterruptedException {
    launcher.await(unit);
    return launcher.tail(unit, 10_000);
  }

  /** What a run hears at the addresses; {@code gateway} stands for this machine. */
  private String knock(DockerLauncher launcher, Confinement confinement, String... addresses)
      throws InterruptedException {
    List<String> line = new ArrayList<>(List.of("bash", "-c"));
    line.add("here=${PIPEWRIGHT_SERVER#http://}; set -- \"${@/gateway/${here%:*}}\"\n" + KNOCK);
    line.add("knock");
    line.addAll(List.of(addresses));
    String name = confinement.name().toLowerCase(Locale.ROOT) + ++knocks;
    return outputOf(launcher, start(launcher, name, confinement, line.toArray(new String[0])));
  }

  @Test
  @NeedsRoot
  void aRunReachesOnlyTheServersPortOfThisMachine() throws Exception {
    String own = "gateway:" + server.getLocalPort();
    String other = "gateway:" + secret.getLocalPort();

    assertThat(knock(launcher(new Isolation(false, null, true)), USUAL, other))
        .contains("says secret");
    DockerLauncher launcher = launcher(Isolation.DEFAULT);
    assertThat(String.valueOf(launcher.gap())).doesNotContain("ports of this machine");
    assertThat(knock(launcher, USUAL, own, other)).contains("says server").contains("closed");
    assertThat(knock(launcher, ISOLATED, own, other)).contains("says server").contains("closed");
  }

  @Test
  @NeedsRoot
  void aRunReachesNoMetadataAddress() throws Exception {
    ip("add");
    try {
      String metadata = METADATA + ":" + secret.getLocalPort();

      assertThat(knock(launcher(new Isolation(false, null, true)), USUAL, metadata))
          .contains("says secret");
      assertThat(knock(launcher(Isolation.DEFAULT), USUAL, metadata)).contains("closed");
    } finally {
      ip("del");
    }
  }

  private static void ip(String what) throws Exception {
    Process process =
        new ProcessBuilder("ip", "address", what, METADATA + "/32", "dev", "lo")
            .inheritIO()
            .start();
    assertThat(process.waitFor()).isZero();
  }

  /** A run that says "secret" to whoever gets through to its port 7000; gives its address. */
  private String listener(DockerLauncher launcher, String name, Confinement confinement)
      throws InterruptedException {
    Launched listener =
        start(
            launcher,
            name,
            confinement,
            "perl",
            "-MIO::Socket::INET",
            "-e",
            "$|=1; $s = IO::Socket::INET->new(LocalPort => 7000, Listen => 5); print qx(hostname"
                + " -i); while ($c = $s->accept) { print $c 'secret'; close $c }");
    String address = "";
    for (int i = 0; i < 1200 && address.isEmpty(); i++) {
      Thread.sleep(50);
      address = launcher.tail(listener, 100).strip();
    }
    assertThat(address).matches("[0-9.]+");
    return address + ":7000";
  }

  @Test
  void runsDoNotReachEachOther() throws Exception {
    DockerLauncher launcher = launcher(Isolation.DEFAULT);
    String usual = listener(launcher, "usual", USUAL);
    String foreign = listener(launcher, "foreign", FOREIGN);

    assertThat(knock(launcher, USUAL, usual, foreign)).contains("closed").doesNotContain("secret");
    assertThat(knock(launcher, FOREIGN, usual, foreign))
        .contains("closed")
        .doesNotContain("secret");
  }

  @Test
  @NeedsRoot
  void aForeignRunReachesTheServerAndHasAWayOutOnlyIfThatIsWanted() throws Exception {
    String own = "gateway:" + server.getLocalPort();
    String other = "gateway:" + secret.getLocalPort();
    DockerLauncher none = launcher(Isolation.DEFAULT);
    DockerLauncher out = launcher(with(new Isolation.Foreign(true, null)));

    assertThat(knock(none, FOREIGN, own, other)).contains("says server").contains("closed");
    assertThat(knock(out, FOREIGN, own, other)).contains("says server").contains("closed");
    assertThat(isInternal("-foreign")).containsExactly("true");
    assertThat(isInternal("-foreign-out")).containsExactly("false");
  }

  private static Isolation with(Isolation.Foreign foreign) {
    return new Isolation(false, null, false, foreign);
  }

  /** Whether the daemon lets nothing out of this test's networks whose name ends so. */
  private List<String> isInternal(String suffix) throws Exception {
    return docker("network", "ls", "--format", "{{.Name}} {{.Internal}}")
        .lines()
        .filter(line -> line.matches("pipewright-" + instance + "[0-9]" + suffix + " .*"))
        .map(line -> line.replaceAll(".* ", ""))
        .toList();
  }

  @Test
  void foreignRunsAndWhatIsBesideThemMayHaveARuntimeOfTheirOwn() throws Exception {
    DockerLauncher launcher = launcher(with(new Isolation.Foreign(false, "no-such-runtime")));
    assertThat(outputOf(launcher, start(launcher, "usual", USUAL, "echo", "hello")))
        .contains("hello");
    assertThatThrownBy(() -> start(launcher, "foreign", FOREIGN, "true"))
        .isInstanceOf(LaunchException.class)
        .hasMessageContaining("no-such-runtime");
  }

  @Test
  void aReadOnlyRootLeavesTheWorkspaceAndALittleTmp() throws Exception {
    DockerLauncher launcher = launcher(new Isolation(true, null, false));

    String said =
        outputOf(
            launcher,
            start(
                launcher,
                "readonly",
                USUAL,
                "sh",
                "-c",
                "touch /x; touch /workspace/x && echo workspace; head -c 30m /dev/zero >/tmp/x;"
                    + " printf '#!/bin/sh\\necho run' >/tmp/y; rm /tmp/x; printf '#!/bin/sh\\necho"
                    + " runs' >/tmp/z; chmod +x /tmp/z; /tmp/z"));

    assertThat(said).contains("Read-only file system", "workspace", "No space left", "runs");
  }

  @Test
  void theRuntimeIsPassedThrough() throws Exception {
    DockerLauncher usual = launcher(new Isolation(false, "runc", false));
    assertThat(outputOf(usual, start(usual, "usual", USUAL, "echo", "hello"))).contains("hello");

    DockerLauncher unknown = launcher(new Isolation(false, "no-such-runtime", false));
    assertThatThrownBy(() -> start(unknown, "unknown", USUAL, "true"))
        .isInstanceOf(LaunchException.class)
        .hasMessageContaining("no-such-runtime");
  }

  @Test
  void aRunHasNoSocketNoAddressOfIpVersionSixAndNoDeviceOfThisMachine() throws Exception {
    DockerLauncher launcher = launcher(Isolation.DEFAULT);

    String said =
        outputOf(
            launcher,
            start(
                launcher,
                "narrow",
                USUAL,
                "sh",
                "-c",
                "cat /proc/net/if_inet6; ls /dev | grep -E '^(sd|vd|kvm|mem)'; ls /var/run/docker.sock"
                    + " 2>/dev/null; echo nothing else"));

    assertThat(said).isEqualTo("nothing else\n");
  }
}
