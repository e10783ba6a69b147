package dev.pipewright.engine.execute;

import dev.pipewright.dsl.StepFailedException;
import dev.pipewright.dsl.definition.Word;
import dev.pipewright.engine.step.BodyContext;
import dev.pipewright.engine.step.Cancellation;
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

  private BodyExecution() {}

  static Ending run(Word.Code word, StepRun execution, Scope scope) {
    BodyContext context =
        new BodyContext(
            scope.run().facts(),
            scope.run().commands(),
            TaskExecution.environment(execution, scope),
            execution.log());
    AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
    CountDownLatch done = new CountDownLatch(1);
    Thread body =
        Thread.ofPlatform()
            .daemon()
            .name("step " + execution.step().shownName())
            .start(
                () -> {
                  try {
                    word.body().run(context);
                  } catch (Throwable e) {
                    thrown.set(e);
                  } finally {
                    done.countDown();
                  }
                });
    boolean ended = await(body, done, scope);
    execution.left(context.outputs());
    if (!ended) {
      return Ending.cancelled("The step did not react to its interrupt and was left behind.");
    }
    return ending(thrown.get(), execution, scope);
  }

  /** Waits for the body; false if it was cancelled and did not end in time. */
  private static boolean await(Thread body, CountDownLatch done, Scope scope) {
    try (Cancellation.Registration _ = scope.cancellation().interruptingMe()) {
      done.await();
      return true;
    } catch (InterruptedException e) {
      body.interrupt();
    }
    Duration grace = scope.run().commands().config().grace();
    try {
      return done.await(grace.plus(PATIENCE).toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static Ending ending(@Nullable Throwable thrown, StepRun execution, Scope scope) {
    if (thrown == null) {
      return Ending.SUCCEEDED;
    }
    if (scope.isCancelled()) {
      return Ending.cancelled(scope.cancellation().reason());
    }
    if (thrown instanceof StepFailedException failed) {
      execution.log().line(String.valueOf(failed.getMessage()));
      return Ending.failed(String.valueOf(failed.getMessage()));
    }
    StackTraces.trimmed(thrown).forEach(execution.log()::line);
    return Ending.errored(StackTraces.summary(thrown));
  }
}
