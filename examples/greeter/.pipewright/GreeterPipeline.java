import static dev.pipewright.dsl.Pipelines.pipeline;
import static dev.pipewright.dsl.Steps.*;
import static dev.pipewright.dsl.Triggers.*;
import static java.time.Duration.ofMinutes;

import dev.pipewright.dsl.*;

/** Verifies and packages the greeter service. */
public final class GreeterPipeline implements PipelineDefinition {

  private static final Output<String> VERSION = Output.text("version");

  @Override
  public Pipeline define() {
    return pipeline("greeter")
        .startedBy(push("main", "release/*"), manually())
        .image("maven:3.9-eclipse-temurin-25")
        .runs(
            checkout(),
            step("read version", this::readVersion),
            sh("verify", "mvn -B -q verify").timeout(ofMinutes(20)).keeps("target/greeter-*.jar"),
            sh("smoke test", "./smoke-test.sh").timeout(ofMinutes(1)),
            onBranch("main", step("announce", this::announce)));
  }

  private void readVersion(StepContext step) throws Exception {
    String version = step.sh("sed -n 's:.*<version>\\(.*\\)</version>.*:\\1:p' pom.xml | head -1").stdout();
    step.set(VERSION, version.strip());
  }

  private void announce(StepContext step) throws Exception {
    step.log("greeter " + step.get(VERSION) + " can be released");
  }
}
