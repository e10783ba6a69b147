package dev.pipewright.engine.load;

import dev.pipewright.dsl.Pipeline;
import dev.pipewright.dsl.definition.DefinitionProblem;
import dev.pipewright.engine.plan.DefinitionException;
import dev.pipewright.engine.step.ExitGuard;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * One call of {@code define()}, on a thread of its own: it is code of a user, which may go on for
 * ever or call {@code System.exit}. The thread is left behind then.
 */
final class DefinitionCall {
  private static final long LOOK_MILLIS = 100;

  private final String definition;
  private final Duration limit;

  DefinitionCall(String definition, Duration limit) {
    this.definition = definition;
    this.limit = limit;
  }

  /**
   * Calls {@code define}.
   *
   * @throws DefinitionException if it does not return in time or tries to end the process; what it
   *     throws itself is thrown on
   */
  Pipeline run(Supplier<Pipeline> define) {
    FutureTask<Pipeline> call = new FutureTask<>(define::get);
    Thread thread = Thread.ofPlatform().daemon().name("define " + definition).start(call);
    long deadline = System.nanoTime() + limit.toNanos();
    try {
      while (true) {
        try {
          return call.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          refuse(thread, System.nanoTime() - deadline > 0);
        }
      }
    } catch (ExecutionException e) {
      Throwable thrown = e.getCause();
      if (thrown instanceof Error error) {
        throw error;
      }
      throw thrown instanceof RuntimeException problem ? problem : new IllegalStateException(e);
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
      throw problem("define() was interrupted.", thread);
    }
  }

  private void refuse(Thread thread, boolean late) {
    if (ExitGuard.isExiting(thread)) {
      throw problem(
          "define() called System.exit before it was done. It must only describe the pipeline, and"
              + " not end the process.",
          thread);
    }
    if (late) {
      DefinitionException problem =
          problem(
              "define() did not return within %d seconds. It must only describe the pipeline: move"
                      .formatted(limit.toSeconds())
                  + " work into steps.",
              thread);
      thread.interrupt();
      throw problem;
    }
  }

  private DefinitionException problem(String message, Thread thread) {
    return new DefinitionException(
        List.of(
            new DefinitionProblem(
                message, UserFrames.location(thread.getStackTrace(), definition))));
  }
}
