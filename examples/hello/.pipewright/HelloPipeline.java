import static dev.pipewright.dsl.Pipelines.pipeline;
import static dev.pipewright.dsl.Steps.*;
import static dev.pipewright.dsl.Triggers.*;
import static java.time.Duration.ofMinutes;

import dev.pipewright.dsl.*;

/** Verifies every push of the greeting script and announces what reached the main branch. */
public final class HelloPipeline implements PipelineDefinition {

  private static final Output<String> VERSION = Output.text("version");

  @Override
  public Pipeline define() {
    return pipeline("hello")
        .startedBy(push(), manually())
        .runs(
            checkout(),
            step("read version", this::readVersion),
            inParallel(
                sh("test", "./greet-test.sh").timeout(ofMinutes(5)),
                sh("lint", "sh -n greet.sh && sh -n greet-test.sh && echo 'no syntax errors'")),
            stage(
                "package",
                sh("pack", "tar -czf greet.tar.gz greet.sh VERSION && ls -l greet.tar.gz"),
                sh("try it", "tar -xzOf greet.tar.gz greet.sh | sh -s world")),
            onBranch("main", step("announce", this::announce)));
  }

  private void readVersion(StepContext step) throws Exception {
    step.set(VERSION, step.sh("cat VERSION").stdout().strip());
  }

  private void announce(StepContext step) throws Exception {
    step.log("greet " + step.get(VERSION) + " is ready, from " + step.run().commit());
  }
}
