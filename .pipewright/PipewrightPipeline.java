import static dev.pipewright.dsl.Pipelines.pipeline;
import static dev.pipewright.dsl.Steps.*;
import static dev.pipewright.dsl.Triggers.*;
import static java.time.Duration.ofMinutes;

import dev.pipewright.dsl.*;

/** Verifies every push of Pipewright itself, from the quickest answer to the whole. */
public final class PipewrightPipeline implements PipelineDefinition {

  static final Output<String> VERSION = Output.text("version");

  @Override
  public Pipeline define() {
    return pipeline("pipewright")
        .startedBy(push(), pullRequests(), manually())
        .runs(
            checkout(),
            step("read version", this::readVersion),
            stage(
                "examples",
                inParallel(
                    sh("hello", "cd examples/hello && ./greet-test.sh"),
                    sh("greeter", "cd examples/greeter && mvn -B -q verify").timeout(ofMinutes(10)))),
            sh("verify", "mvn -B -q verify").timeout(ofMinutes(40)),
            onBranch("main", step("say so", this::saySo)));
  }

  private void readVersion(StepContext step) throws Exception {
    ShellResult version = step.sh("sed -n 's:^  <version>\\(.*\\)</version>:\\1:p' pom.xml");
    if (version.stdout().isBlank()) {
      throw step.failure("pom.xml names no version");
    }
    step.set(VERSION, version.stdout().strip());
  }

  private void saySo(StepContext step) throws Exception {
    step.log("Pipewright " + step.get(VERSION) + " is verified at " + step.run().commit());
  }
}
