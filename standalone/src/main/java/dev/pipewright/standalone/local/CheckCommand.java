package dev.pipewright.standalone.local;

import dev.pipewright.protocol.api.DescribeResult;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.standalone.CommandException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code pipewright check}: compiles the pipeline code and tells every problem of it. */
@Command(
    name = "check",
    description = "Tells every problem of the pipeline code, with file and line.",
    mixinStandardHelpOptions = true)
public final class CheckCommand implements Runnable {
  @Option(
      names = "--dir",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "The project. Default: this folder.")
  private Path project = Path.of(".");

  @Option(
      names = "--lock",
      description =
          "First write .pipewright/deps.lock anew: which jars the libraries of //DEPS lines come to.")
  private boolean lock;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    if (lock) {
      lock(out);
    }
    DescribeResult result = new LocalCode(project).describe();
    for (Plan plan : result.plans()) {
      out.printf(
          "%s: no problems, %s%n",
          plan.pipeline(),
          plan.addressedSteps().size() == 1 ? "1 step" : plan.addressedSteps().size() + " steps");
    }
  }

  private void lock(PrintWriter out) {
    try {
      out.println(new LocalLibraries(project.resolve(LocalCode.FOLDER)).lock());
    } catch (IOException e) {
      throw new CommandException("Could not write the lock: " + e.getMessage());
    }
  }
}
