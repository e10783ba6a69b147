package dev.pipewright.author;

import static dev.pipewright.dsl.Pipelines.pipeline;
import static dev.pipewright.dsl.Steps.*;
import static dev.pipewright.dsl.Triggers.*;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import dev.pipewright.dsl.*;

/** A pipeline as somebody writes it. */
final class ShopPipeline implements PipelineDefinition {
  static final Output<String> VERSION = Output.text("version");
  static final Parameter<String> PACE = Parameter.choice("pace", "slow", "fast").byDefault("slow");
  static final Parameter<String> WHY = Parameter.text("why");

  @Override
  public Pipeline define() {
    return pipeline("shop")
        .startedBy(push("main"), manually())
        .runs(
            checkout(),
            step("read version", this::readVersion),
            stage(
                "verify",
                inParallel(
                    sh("unit tests", "mvn -q test").timeout(ofMinutes(20)),
                    sh("lint", "npm run lint").attempts(3, ofSeconds(10)))),
            sh("package", "mvn -q package").keeps("target/*.jar"),
            onBranch(
                "main",
                approval("ship")
                    .asks("Ship to production?")
                    .by("ann")
                    .takes(PACE, WHY)
                    .within(ofHours(8)),
                step("deploy", this::deploy)
                    .needs(secret("DEPLOY_KEY"))
                    .locks("production")
                    .atMostOnce()
                    .ensure(sh("announce", "./announce.sh"))));
  }

  private void readVersion(StepContext step) throws Exception {
    step.set(VERSION, step.sh("git describe --always").stdout().strip());
  }

  private void deploy(StepContext step) throws Exception {
    if (!step.sh("./deploy.sh", step.get(VERSION), step.get(PACE)).succeeded()) {
      throw step.failure("the cluster refused " + step.get(VERSION));
    }
  }
}
