package dev.pipewright.engine;

import dev.pipewright.engine.report.Delivery;
import dev.pipewright.engine.report.Outage;
import dev.pipewright.engine.step.ExitGuard;
import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.api.ApiException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The process a Spawner starts: does one run and ends. Exit code 0 when the last event is stored,
 * whatever the outcome; 2 for a wrong start; 3 when another engine has taken over; 4 when it could
 * not report; 5 when the run was left waiting; 6 when it was never told which run; 143 when it was
 * told to end and another engine is to go on.
 */
public final class EngineMain {
  private static final Duration OUTAGE = Duration.ofMinutes(5);
  private static final int WRONG_START = 2;
  private static final int NOT_WANTED = 6;

  private EngineMain() {}

  /**
   * {@code --standby} waits, warmed up, until it is told its run on standard input; {@code
   * --warm-up} goes once through everything without a server, to train an AOT cache.
   */
  public static void main(String[] args) {
    ExitGuard guard = ExitGuard.armed();
    int exitCode =
        switch (String.join(" ", args)) {
          case "" -> engine(System.getenv(), pumps());
          case "--standby" -> standby(pumps());
          case "--warm-up" -> warmUp();
          default -> {
            System.err.println("An engine takes no argument, --standby or --warm-up.");
            yield WRONG_START;
          }
        };
    System.out.flush();
    System.err.flush();
    guard.exit(exitCode);
  }

  private static int standby(ExecutorService pumps) {
    try {
      Standby standby = new Standby(System.getenv(), System.in);
      standby.warmUp(pumps);
      Optional<Map<String, String>> settings = standby.settings();
      return settings.isEmpty() ? NOT_WANTED : engine(settings.get(), pumps);
    } catch (ProtocolException e) {
      System.err.println(e.getMessage());
      return WRONG_START;
    } catch (IOException e) {
      System.err.println("Could not read the settings of the run: " + e.getMessage());
      return WRONG_START;
    } catch (InterruptedException e) {
      return NOT_WANTED;
    }
  }

  private static int engine(Map<String, String> settings, ExecutorService pumps) {
    try {
      EngineConfig config = EngineConfig.from(settings);
      ServerRun run = new ServerRun(config, new Outage(OUTAGE), InstantSource.system(), pumps);
      Delivery delivery = untilTerminated(run, config.processes().grace());
      return delivery.exitCode();
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      return WRONG_START;
    } catch (ApiException | IOException | UncheckedIOException e) {
      System.err.println("Could not do the run: " + e.getMessage());
      return 4;
    } catch (InterruptedException e) {
      return 4;
    }
  }

  /**
   * Runs, and on SIGTERM ends what runs before the process ends, so that no step is left behind: a
   * run that somebody has cancelled with its {@code ensure} steps, as long as there is time for
   * them, any other one so that another engine can go on with it.
   */
  private static Delivery untilTerminated(ServerRun run, Duration grace)
      throws IOException, InterruptedException {
    CountDownLatch finished = new CountDownLatch(1);
    Thread hook =
        Thread.ofPlatform()
            .name("terminate")
            .unstarted(() -> terminate(run, finished, grace.plusSeconds(5)));
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return run.run();
    } finally {
      finished.countDown();
    }
  }

  private static void terminate(ServerRun run, CountDownLatch finished, Duration patience) {
    try {
      if (finished.getCount() == 0 || ExitGuard.isHeld()) {
        return;
      }
      run.terminate();
      if (!finished.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        run.abort("the engine had to end");
        finished.await(patience.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int warmUp() {
    try {
      Delivery delivery = WarmUp.run(pumps());
      System.err.println("Warmed up: " + delivery);
      return delivery == Delivery.COMPLETE ? 0 : 1;
    } catch (IOException | InterruptedException e) {
      System.err.println("Could not warm up: " + e.getMessage());
      return 1;
    }
  }

  private static ExecutorService pumps() {
    return Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("pump-", 0).factory());
  }
}
