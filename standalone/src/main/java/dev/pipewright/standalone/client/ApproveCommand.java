package dev.pipewright.standalone.client;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code pipewright approve}: Approves a step that waits for a person, or a commit from outside.
 */
@Command(
    name = "approve",
    description = "Approves a step that waits for a person, or the commit of a run that is held.",
    mixinStandardHelpOptions = true)
public final class ApproveCommand implements Runnable {
  @Mixin private final DecisionOptions decision = new DecisionOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    decision.decide(true, spec.commandLine().getOut());
  }
}
