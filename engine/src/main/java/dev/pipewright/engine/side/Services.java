package dev.pipewright.engine.side;

import dev.pipewright.dsl.definition.Modifier;
import dev.pipewright.engine.time.EngineTime;
import dev.pipewright.protocol.api.SideView;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The services of one attempt of one task: started before it, ended after it. Confined to the
 * thread of the step.
 */
public final class Services implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Sides sides;
  private final EngineTime time;
  private final Consumer<String> log;
  private final Map<String, Modifier.With> wanted = new LinkedHashMap<>();

  /** {@code log} is told what becomes of them. */
  public Services(Sides sides, EngineTime time, Consumer<String> log) {
    this.sides = sides;
    this.time = time;
    this.log = log;
  }

  /**
   * Starts all services at the same time and waits until they run.
   *
   * @return null if they do, else why not
   */
  public @Nullable String start(List<Modifier.With> services) throws InterruptedException {
    try {
      Map<String, SideView> views = new LinkedHashMap<>();
      for (Modifier.With service : services) {
        String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        String key = "service-" + random;
        wanted.put(key, service);
        views.put(
            key, sides.request(new SideWish(key, service.name(), service.image(), List.of())));
      }
      Instant deadline = time.now().plus(LIMIT);
      for (Map.Entry<String, Modifier.With> each : wanted.entrySet()) {
        String problem = await(each.getValue(), views.get(each.getKey()), deadline);
        if (problem != null) {
          return problem;
        }
      }
      return null;
    } catch (IOException e) {
      return "The services could not be started: " + e.getMessage();
    }
  }

  private @Nullable String await(Modifier.With service, @Nullable SideView first, Instant deadline)
      throws IOException, InterruptedException {
    String what = "The service " + service.name() + " (" + service.image() + ")";
    SideView view = first;
    while (view != null && view.state() != SideView.State.RUNNING) {
      if (SideWatch.isOver(view)) {
        return "%s did not start: %s".formatted(what, SideWatch.why(view));
      }
      if (!time.now().isBefore(deadline)) {
        return "%s did not become ready within %d minutes.".formatted(what, LIMIT.toMinutes());
      }
      view = sides.view(view.key(), view.state(), PATIENCE);
    }
    return null;
  }

  /** Says which of them have ended before the task did: that may be why it failed. */
  public void tellEnded() throws InterruptedException {
    for (Map.Entry<String, Modifier.With> each : wanted.entrySet()) {
      try {
        SideView view = sides.view(each.getKey(), SideView.State.WANTED, Duration.ZERO);
        if (SideWatch.isOver(view)) {
          log.accept(
              "[the service %s has ended meanwhile: %s]"
                  .formatted(each.getValue().name(), SideWatch.why(view)));
        }
      } catch (IOException e) {
        log.accept(
            "[nobody tells how the service %s stands: %s]"
                .formatted(each.getValue().name(), e.getMessage()));
      }
    }
  }

  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    for (Map.Entry<String, Modifier.With> each : wanted.entrySet()) {
      try {
        sides.end(each.getKey());
      } catch (IOException e) {
        log.accept(
            "[the service %s ends with the run: %s]"
                .formatted(each.getValue().name(), e.getMessage()));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    interrupted |= keepOutput();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Puts what the services printed into the log of the step; true if interrupted meanwhile. */
  private boolean keepOutput() {
    try {
      for (Map.Entry<String, Modifier.With> each : wanted.entrySet()) {
        String output = sides.lastOutput(each.getKey(), PATIENCE);
        if (!output.isEmpty()) {
          log.accept(
              "[the service %s printed:]\n%s".formatted(each.getValue().name(), output.strip()));
        }
      }
      return false;
    } catch (IOException e) {
      log.accept("[what the services printed is not to be had: %s]".formatted(e.getMessage()));
      return false;
    } catch (InterruptedException e) {
      return true;
    }
  }
}
