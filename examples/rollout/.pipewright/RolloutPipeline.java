import static dev.pipewright.dsl.Pipelines.pipeline;
import static dev.pipewright.dsl.Steps.*;
import static dev.pipewright.dsl.Triggers.*;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import dev.pipewright.dsl.*;
import java.util.List;

/** Checks a service on three runtimes and brings it, once a person said so, to every region. */
public final class RolloutPipeline implements PipelineDefinition {

  private static final Output<String> VERSION = Output.text("version");
  private static final Parameter<String> PACE =
      Parameter.choice("pace", "careful", "fast").describedAs("How quickly regions follow each other").byDefault("careful");
  private static final Parameter<Boolean> NOTIFY = Parameter.bool("notify").byDefault(true);

  @Override
  public Pipeline define() {
    return pipeline("rollout")
        .startedBy(push(), manually())
        .runs(
            checkout(),
            step("read version", this::readVersion),
            stage(
                "verify",
                inParallelFor(
                    List.of("17", "21", "25"),
                    java -> sh("on " + java, "./check.sh \"$RUNTIME\"").env("RUNTIME", java).timeout(ofMinutes(5)))),
            sh("report", "./report.sh").junit("reports/*.xml").keeps("reports/*.xml").cache("tools-{files:VERSION}", "tools"),
            onBranch(
                "main",
                approval("ship")
                    .asks("Bring this version to all regions?")
                    .by("release-managers")
                    .takes(PACE, NOTIFY)
                    .within(ofHours(8)),
                withLock("rollout", expand("regions", this::regions)),
                onlyIf(run -> run.output(NOTIFY).orElse(false), sh("announce", "./announce.sh").allowFailure())));
  }

  private void readVersion(StepContext step) throws Exception {
    step.set(VERSION, step.sh("cat VERSION").stdout().strip());
  }

  /** One deployment after the other, each at most once, whatever dies meanwhile. */
  private List<Step> regions(StepContext step) throws Exception {
    return step.sh("cat regions.txt").stdout().lines().filter(line -> !line.isBlank()).<Step>map(this::deploy).toList();
  }

  private Step deploy(String region) {
    return stage(
        region,
        sh("deploy", "./deploy.sh \"$REGION\"")
            .env("REGION", region)
            .needs(secret("DEPLOY_KEY"))
            .atMostOnce()
            .onFailure(sh("roll back", "./deploy.sh --back")),
        sh("smoke test", "./check.sh live").attempts(3, ofSeconds(2)));
  }
}
