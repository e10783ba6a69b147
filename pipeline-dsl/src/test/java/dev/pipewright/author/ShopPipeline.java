package dev.pipewright.author;

import static dev.pipewright.dsl.Pipelines.pipeline;
import static dev.pipewright.dsl.Steps.*;
import static dev.pipewright.dsl.Triggers.*;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;

import dev.pipewright.dsl.*;

/** Verifies every push to the shop and ships what a release manager approves. */
public final class ShopPipeline implements PipelineDefinition {

  private static final Output<String> VERSION = Output.text("version");

  @Override
  public Pipeline define() {
    return pipeline("shop")
        .startedBy(
            push("main", "release/*").ignoringPaths("docs/**"),
            pullRequests(),
            cron("0 3 * * *"),
            manually())
        .image("maven:3.9-eclipse-temurin-25")
        .runs(
            checkout(),
            step("read version", this::readVersion),
            inParallel(
                sh("unit tests", "mvn -B -q test")
                    .timeout(ofMinutes(20))
                    .junit("target/surefire-reports/*.xml"),
                sh("lint", "npm run lint").image("node:22").attempts(2),
                sh("integration", "mvn -B -q verify -Pit").with(service("db", "postgres:17"))),
            sh("package", "mvn -B -q package -DskipTests").keeps("target/*.jar"),
            onBranch(
                "main",
                approval("ship")
                    .asks("Ship to production?")
                    .by("release-managers")
                    .within(ofHours(8)),
                step("deploy", this::deploy)
                    .needs(secret("DEPLOY_KEY"))
                    .locks("production")
                    .ensure(sh("announce", "./announce.sh"))));
  }

  private void readVersion(StepContext step) throws Exception {
    step.set(VERSION, step.sh("git describe --always").stdout().strip());
  }

  private void deploy(StepContext step) throws Exception {
    if (step.sh("./deploy.sh", step.get(VERSION)).exitCode() != 0) {
      throw step.failure("the cluster refused " + step.get(VERSION));
    }
  }
}
