package dev.pipewright.standalone.server;

import dev.pipewright.standalone.Distribution;
import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code pipewright up}: the server. */
@Command(
    name = "up",
    description = "Starts the server: all components in one process, or one of them.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Every option can also be set in the environment: --max-runs as PIPEWRIGHT_MAX_RUNS.",
      "Components that run alone are put behind one load balancer; docs/configuration.md has one."
    })
public final class UpCommand implements Runnable {
  @Mixin private final ServerSettings settings = new ServerSettings();
  @Mixin private final ComponentSettings components = new ComponentSettings();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    CountDownLatch stop = new CountDownLatch(1);
    Server server = Server.start(settings, components, Distribution.current());
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .unstarted(
                    () -> {
                      stop.countDown();
                      server.end(settings.timeToEnd());
                      stopped.countDown();
                    }));
    if (components.only == null) {
      announce(server, out);
    } else {
      announce(server, components.only, out);
    }
    try {
      stop.await();
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Says where everything is. */
  static void announce(Server server, PrintWriter out) {
    out.println("Pipewright is up, with the " + server.launcher() + " launcher.");
    if (server.note() != null) {
      out.println("  note     " + server.note());
    }
    out.println("  console  " + server.url());
    out.println("  wall     " + server.url() + "/wall");
    out.println("  cctray   " + server.url() + "/cctray.xml");
    announceToken(server, out);
    out.flush();
  }

  private static void announceToken(Server server, PrintWriter out) {
    if (server.newAdminToken() != null) {
      out.println(
          "  token    "
              + server.newAdminToken()
              + "  (shown only now; use it as PIPEWRIGHT_TOKEN)");
    }
  }

  /** Says which component runs and what the others have to know of it. */
  private void announce(Server server, Component component, PrintWriter out) {
    out.println(
        "Pipewright's %s is up%s."
            .formatted(
                component,
                server.launcher().isEmpty()
                    ? ""
                    : ", with the " + server.launcher() + " launcher"));
    if (server.note() != null) {
      out.println("  note     " + server.note());
    }
    out.println("  listens  " + server.local());
    if (component == Component.state) {
      out.println("  services " + components.keptTokenFile(settings.data));
      announceToken(server, out);
    }
    out.flush();
  }
}
