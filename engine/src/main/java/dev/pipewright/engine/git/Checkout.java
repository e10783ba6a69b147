package dev.pipewright.engine.git;

import dev.pipewright.engine.log.StepLog;
import dev.pipewright.engine.step.Commands;
import java.util.Map;

/** Puts the commit of the run into its workspace. */
public interface Checkout {

  /**
   * Does it; may be repeated.
   *
   * @param environment what the step declares
   * @param log takes what is worth reading
   * @throws CheckoutException if the commit cannot be had; the message says why
   * @throws InterruptedException if the calling thread is interrupted
   */
  void into(Commands commands, Map<String, String> environment, StepLog log)
      throws CheckoutException, InterruptedException;
}
