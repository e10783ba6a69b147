package dev.pipewright.standalone.server;

import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.UrlText;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.api.SourceSpec;
import dev.pipewright.protocol.client.HttpTransport;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.standalone.CommandException;
import dev.pipewright.standalone.Distribution;
import dev.pipewright.standalone.client.Follow;
import dev.pipewright.standalone.client.Pause;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code pipewright demo}: everything in one process, and one commit all the way through it. */
@Command(
    name = "demo",
    description = "Shows everything at work: a server, a sample repository, a commit, its run.",
    mixinStandardHelpOptions = true)
public final class DemoCommand implements Runnable {
  private static final String SOURCE = "hello";
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  @Mixin private final ServerSettings settings = new ServerSettings();

  @Option(
      names = "--once",
      description = "End after the run: exit code 0 if it succeeded and the feed says so.")
  private boolean once;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    Distribution distribution = Distribution.current();
    String token = settings.adminToken == null ? UUID.randomUUID().toString() : settings.adminToken;
    settings.adminToken = token;
    Path folder = settings.data.toAbsolutePath().resolve("demo");
    try (Server server = Server.start(settings, distribution)) {
      UpCommand.announce(server, out);
      HttpTransport http = server.connectAs(token);
      DemoRepository repository = new DemoRepository(folder);
      repository.prepare(distribution.sample());
      http.post(
          Routes.SOURCES,
          new SourceSpec(
              new SourceName(SOURCE), repository.bare().toString(), null, null, null, "main"));
      String hook = Routes.HOOKS + "/" + SOURCE + "/post-receive";
      repository.install(new String(http.get(hook).body(), StandardCharsets.UTF_8));
      String commit = repository.push(server.clock().instant().toString());
      out.println("Pushed " + commit.substring(0, 8) + " to " + repository.bare());
      RunSnapshot run = Follow.untilFinished(http, awaitRun(http, commit, out), out::println);
      out.println("  run      " + server.url() + "/runs/" + run.id().urlSegment());
      if (once) {
        requireGreen(http, run);
        server.settle();
        out.println("The feed agrees: " + server.url() + Routes.CCTRAY);
        return;
      }
      out.println("  token    " + token);
      out.println("Push more from " + repository.workingCopy() + "; end with Ctrl-C.");
      out.flush();
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("interrupted", 130);
    }
  }

  private static RunId awaitRun(HttpTransport http, String commit, PrintWriter out) {
    CommitId wanted = new CommitId(commit);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    boolean toldBuild = false;
    while (System.nanoTime() < deadline) {
      Optional<RunSnapshot> found =
          runs(http, SOURCE).stream().filter(run -> run.commit().equals(wanted)).findFirst();
      if (found.isPresent()) {
        return found.get().id();
      }
      List<RunSnapshot> builds =
          runs(http, PipelineName.codeOf(new SourceName(SOURCE)).value()).stream()
              .filter(run -> run.commit().equals(wanted))
              .toList();
      if (!builds.isEmpty() && !toldBuild) {
        toldBuild = true;
        RunSnapshot build = Follow.untilFinished(http, builds.getFirst().id(), out::println);
        if (build.outcome() != Outcome.SUCCEEDED) {
          throw new CommandException("The pipeline code could not be built: " + build.reason());
        }
      }
      Pause.of(Duration.ofMillis(50));
    }
    throw new CommandException("No run began within " + PATIENCE.toMinutes() + " minutes.");
  }

  private static List<RunSnapshot> runs(HttpTransport http, String pipeline) {
    String path = Routes.RUNS + "?pipeline=" + UrlText.encoded(pipeline);
    return Json.read(http.get(path).body(), new Json.Generic<Page<RunSnapshot>>() {}).items();
  }

  private static void requireGreen(HttpTransport http, RunSnapshot run) {
    if (run.outcome() != Outcome.SUCCEEDED) {
      throw new CommandException(run.id() + " ended " + run.outcome() + ": " + run.reason());
    }
    String feed = new String(http.get(Routes.CCTRAY).body(), StandardCharsets.UTF_8);
    String project =
        feed.lines()
            .flatMap(line -> List.of(line.split("(?=<Project )", -1)).stream())
            .filter(line -> line.contains("name=\"" + run.pipeline() + "\""))
            .findFirst()
            .orElse("");
    if (!project.contains("lastBuildStatus=\"Success\"")
        || !project.contains("lastBuildLabel=\"" + run.number() + "\"")) {
      throw new CommandException(
          "The feed does not show " + run.id() + " as a success: " + project);
    }
  }
}
