package dev.pipewright.engine.work;

import dev.pipewright.dsl.StepFailedException;
import dev.pipewright.engine.step.BodyContext;
import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.engine.step.ExitGuard;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Runs the Java code of a step on a thread of its own, so that code that does not react to its
 * interrupt can be left behind. This is the one place where any exception and any error of a user's
 * code becomes an outcome.
 */
final class BodyExecution {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final long LOOK_MILLIS = 500;

  private BodyExecution() {}

  /** Code of a user. */
  interface Body {
    void run(BodyContext context) throws Exception;
  }

  static Work.Done run(TaskCall call, Body code) {
    BodyContext context =
        new BodyContext(
            call.facts(), call.commands(), call.environment(), call.secrets(), call.log());
    AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
    CountDownLatch done = new CountDownLatch(1);
    Thread body =
        Thread.ofPlatform()
            .daemon()
            .name("step " + call.step().shownName())
            .start(
                () -> {
                  try {
                    code.run(context);
                  } catch (Throwable e) {
                    thrown.set(e);
                  } finally {
                    done.countDown();
                  }
                });
    boolean ended = await(body, done, thrown, call);
    Ending ending =
        ended
            ? ending(thrown.get(), call)
            : Ending.cancelled("The step did not react to its interrupt and was left behind.");
    return new Work.Done(ending, context.outputs());
  }

  /** Waits for the body; false if it was cancelled and did not end in time. */
  private static boolean await(
      Thread body,
      CountDownLatch done,
      AtomicReference<@Nullable Throwable> thrown,
      TaskCall call) {
    try (Cancellation.Registration _ = call.cancellation().interruptingMe()) {
      while (!done.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        if (ExitGuard.isExiting(body)) {
          thrown.set(new ExitCalled(ExitGuard.caller(body)));
          return true;
        }
      }
      return true;
    } catch (InterruptedException e) {
      body.interrupt();
    }
    Duration grace = call.commands().config().grace();
    try {
      return done.await(grace.plus(PATIENCE).toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static Ending ending(@Nullable Throwable thrown, TaskCall call) {
    if (thrown == null) {
      return Ending.SUCCEEDED;
    }
    if (call.cancellation().isCancelled()) {
      return call.cancelled();
    }
    if (thrown instanceof StepFailedException failed) {
      call.log().line(String.valueOf(failed.getMessage()));
      return Ending.failed(String.valueOf(failed.getMessage()));
    }
    StackTraces.trimmed(thrown).forEach(call.log()::line);
    return Ending.errored(
        thrown instanceof ExitCalled
            ? String.valueOf(thrown.getMessage())
            : StackTraces.summary(thrown));
  }

  /** The body called {@code System.exit}, which never returns; its thread is left behind. */
  private static final class ExitCalled extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ExitCalled(StackTraceElement[] frames) {
      super(
          "The step called System.exit, which would end the engine and not only the step. Return"
              + " from it, or throw step.failure(\"why\").");
      setStackTrace(frames);
    }
  }
}
