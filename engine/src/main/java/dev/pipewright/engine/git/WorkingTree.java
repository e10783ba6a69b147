package dev.pipewright.engine.git;

import dev.pipewright.engine.log.StepLog;
import dev.pipewright.engine.step.Commands;
import java.util.Map;

/** A local run uses the working tree as it is. */
public final class WorkingTree implements Checkout {

  @Override
  public void into(Commands commands, Map<String, String> environment, StepLog log) {
    log.line("Using the working tree " + commands.workspace() + " as it is.");
  }
}
