package dev.pipewright.engine.git;

import dev.pipewright.engine.log.StepLog;
import dev.pipewright.engine.step.Commands;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Who brings other repositories than that of the run. Thread-safe. */
public interface Repositories {

  /**
   * A wish for a repository.
   *
   * @param url where it is
   * @param branch which branch; null for its default
   * @param folder where its files are to be
   */
  record Wish(String url, @Nullable String branch, Path folder) {}

  /**
   * Puts the newest commit of the branch into the folder. What is there is replaced.
   *
   * @param log takes what is worth reading
   * @throws CheckoutException if it cannot be had; the message says why
   * @throws InterruptedException if the calling thread is interrupted
   */
  void bring(Wish wish, Commands commands, StepLog log)
      throws CheckoutException, InterruptedException;
}
