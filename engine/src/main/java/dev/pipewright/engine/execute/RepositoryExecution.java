package dev.pipewright.engine.execute;

import dev.pipewright.dsl.definition.Word;
import dev.pipewright.engine.git.CheckoutException;
import dev.pipewright.engine.git.Repositories;
import dev.pipewright.engine.history.Note;
import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.engine.step.Commands;
import dev.pipewright.engine.work.Ending;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Steps in a checkout of another repository: it is brought first, then they run in its folder. */
final class RepositoryExecution {
  private RepositoryExecution() {}

  static Ending run(Word.WithCheckout word, StepRun execution, Scope scope) {
    Path folder = scope.commands().workspace().resolve(word.folder()).normalize();
    Commands inside = scope.commands().in(folder);
    boolean nothingLeft =
        scope.isCancelled()
            || execution.step().steps().stream().allMatch(scope.history()::isComplete);
    String before = scope.history().note(execution.step().key(), Note.ANSWER);
    if (before != null) {
      return missing(Ending.errored(before), execution, scope);
    }
    if (!nothingLeft) {
      Ending missing = bring(word, folder, execution, scope);
      if (missing != null) {
        if (missing.isBroken()) {
          execution.note(Note.ANSWER, String.valueOf(missing.reason()));
        }
        return missing(missing, execution, scope);
      }
    }
    return SequenceExecution.run(execution.step().steps(), scope.with(inside));
  }

  private static Ending missing(Ending missing, StepRun execution, Scope scope) {
    Ending skipped = Ending.skipped("the repository could not be had");
    StepExecution.neverBegun(
        execution.step().steps(), scope, missing.isBroken() ? skipped : missing);
    return missing;
  }

  private static @Nullable Ending bring(
      Word.WithCheckout word, Path folder, StepRun execution, Scope scope) {
    Repositories.Wish wish = new Repositories.Wish(word.url(), word.branch(), folder);
    try (Cancellation.Registration _ = scope.cancellation().interruptingMe()) {
      scope.run().repositories().bring(wish, scope.commands(), execution.log());
      return null;
    } catch (CheckoutException e) {
      return scope.isCancelled()
          ? Ending.cancelled(scope.cancellation().reason())
          : Ending.errored(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      return Ending.cancelled(scope.cancellation().reason());
    }
  }
}
