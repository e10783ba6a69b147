package dev.pipewright.engine.execute;

import dev.pipewright.dsl.definition.Modifiers;
import dev.pipewright.engine.cache.StepCaches;
import dev.pipewright.engine.secret.SecretException;
import dev.pipewright.engine.secret.StepSecrets;
import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.engine.work.Ending;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.run.Outcome;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a task gets before its first attempt, once for all of them: the values of its secrets and
 * its cached folders. Confined to the thread of the step.
 */
final class Supplies {
  private final StepRun execution;
  private final Modifiers modifiers;
  private Map<String, String> secrets = Map.of();
  private @Nullable StepCaches caches;
  private boolean there;

  Supplies(StepRun execution) {
    this.execution = execution;
    this.modifiers = execution.step().node().modifiers();
  }

  /** Values of the secrets by name; empty before {@link #fetch}. */
  Map<String, String> secrets() {
    return secrets;
  }

  /** Fetches what is not there yet; null if all is there, else why the task cannot begin. */
  @Nullable Ending fetch(Scope scope) {
    if (there) {
      return null;
    }
    boolean nothing = modifiers.needs().isEmpty() && modifiers.caches().isEmpty();
    if (!nothing) {
      try (Cancellation.Registration _ = scope.cancellation().interruptingMe()) {
        fetchSecrets(scope);
        restoreCaches(scope);
      } catch (SecretException e) {
        String reason = String.valueOf(e.getMessage());
        execution.log().line(reason);
        return Ending.errored(reason);
      } catch (InterruptedException e) {
        return Ending.cancelled(scope.cancellation().reason());
      }
    }
    there = true;
    return null;
  }

  private void fetchSecrets(Scope scope) throws SecretException, InterruptedException {
    StepPath path = execution.path();
    if (!modifiers.needs().isEmpty() && path != null && secrets.isEmpty()) {
      RunContext run = scope.run();
      secrets =
          StepSecrets.fetch(
              run.surroundings().secrets(), path, modifiers.needs(), run.mask(), execution.log());
    }
  }

  private void restoreCaches(Scope scope) throws InterruptedException {
    if (modifiers.caches().isEmpty()) {
      return;
    }
    try {
      caches =
          new StepCaches(
              scope.run().surroundings().caches(),
              scope.run().commands().workspace(),
              execution.log()::line);
      caches.restore(modifiers.caches());
    } catch (IOException e) {
      execution.log().line("[no cache is used: " + e.getMessage() + "]");
    }
  }

  /** Keeps the folders that were missed, after a success. */
  void keepCaches(Ending ending, Scope scope) {
    if (caches == null || ending.outcome() != Outcome.SUCCEEDED) {
      return;
    }
    try (Cancellation.Registration _ = scope.cancellation().interruptingMe()) {
      caches.store();
    } catch (InterruptedException e) {
      execution.log().line("[no cache is stored, because the step was cancelled meanwhile]");
    }
  }
}
