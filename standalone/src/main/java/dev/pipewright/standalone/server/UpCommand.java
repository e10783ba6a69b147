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
    description = "Starts the server: all components in one process.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Every option can also be set in the environment: --max-runs as PIPEWRIGHT_MAX_RUNS."
    })
public final class UpCommand implements Runnable {
  @Mixin private final ServerSettings settings = new ServerSettings();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    CountDownLatch stop = new CountDownLatch(1);
    Server server = Server.start(settings, Distribution.current());
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .unstarted(
                    () -> {
                      stop.countDown();
                      server.close();
                      stopped.countDown();
                    }));
    announce(server, out);
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
    if (server.newAdminToken() != null) {
      out.println(
          "  token    "
              + server.newAdminToken()
              + "  (shown only now; use it as PIPEWRIGHT_TOKEN)");
    }
    out.flush();
  }
}
