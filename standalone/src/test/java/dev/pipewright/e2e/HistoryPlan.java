package dev.pipewright.e2e;

import dev.pipewright.protocol.GlobPattern;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.PlanStep;
import dev.pipewright.protocol.run.StepNeeds;
import dev.pipewright.protocol.run.TriggerSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The pipeline of a service: eight steps with an address, one of them a stage. */
final class HistoryPlan {
  static final StepPath CHECKOUT = new StepPath("checkout");
  static final StepPath VERIFY = new StepPath("verify");
  static final StepPath UNIT = new StepPath("verify/unit tests");
  static final StepPath LINT = new StepPath("verify/lint");
  static final StepPath INTEGRATION = new StepPath("verify/integration tests");
  static final StepPath PACKAGE = new StepPath("package");
  static final StepPath IMAGE = new StepPath("build image");
  static final StepPath ANNOUNCE = new StepPath("announce");

  private HistoryPlan() {}

  static Plan of(PipelineName pipeline) {
    return new Plan(
        pipeline,
        "ServicePipeline",
        List.of(
            new TriggerSpec.Push(List.of(new GlobPattern("main"), new GlobPattern("release/*"))),
            new TriggerSpec.PullRequest(),
            new TriggerSpec.Manual()),
        "maven:3.9-eclipse-temurin-25",
        List.of(
            leaf("checkout", CHECKOUT, "", 16, List.of()),
            holder(
                "stage",
                VERIFY,
                holder(
                    "inParallel",
                    null,
                    leaf("sh", UNIT, "mvn -B -q test", 19, List.of("target/surefire-reports/*")),
                    leaf("sh", LINT, "npm run lint", 20, List.of()),
                    leaf("sh", INTEGRATION, "mvn -B -q verify -Pit", 21, List.of()))),
            leaf("sh", PACKAGE, "mvn -B -q package -DskipTests", 22, List.of("target/*.jar")),
            leaf("sh", IMAGE, "./image.sh", 23, List.of()),
            leaf("sh", ANNOUNCE, "./announce.sh", 24, List.of())));
  }

  private static PlanStep leaf(
      String kind, StepPath path, String detail, int line, List<String> keeps) {
    return new PlanStep(
        kind,
        path,
        detail,
        "ServicePipeline.java:" + line,
        false,
        1200L,
        1,
        List.of(),
        List.of(),
        List.of(),
        new StepNeeds(List.of(), List.of(), null, List.of(), keeps, false));
  }

  private static PlanStep holder(String kind, @Nullable StepPath path, PlanStep... steps) {
    return new PlanStep(
        kind,
        path,
        "",
        "ServicePipeline.java:18",
        false,
        null,
        1,
        List.of(steps),
        List.of(),
        List.of());
  }
}
