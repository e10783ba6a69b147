package dev.pipewright.author;

import static dev.pipewright.dsl.Pipelines.pipeline;
import static dev.pipewright.dsl.Steps.*;
import static dev.pipewright.dsl.Triggers.*;
import static dev.pipewright.test.Script.*;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import dev.pipewright.dsl.*;
import dev.pipewright.test.PipelineTester;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Pipelines of all shapes, each with what happens in it. */
final class Shapes {
  static final Output<String> A = Output.text("a");
  static final Output<String> B = Output.text("b");
  static final Parameter<String> PACE = Parameter.choice("pace", "slow", "fast").byDefault("slow");
  static final Parameter<Boolean> LOUD = Parameter.bool("loud");

  private static final String REPORT =
      """
      <testsuite name="s" tests="1"><testcase classname="s" name="t" time="0.1"/></testsuite>
      """;

  private Shapes() {}

  static PipelineTester of(Step first, Step... rest) {
    return PipelineTester.of(pipeline("shape").startedBy(manually()).runs(first, rest));
  }

  /** Every shape by its name. */
  static Map<String, PipelineTester> all() {
    Map<String, PipelineTester> all = new LinkedHashMap<>();
    sequences(all);
    folders(all);
    parallels(all);
    conditions(all);
    repeats(all);
    containersTriedAgain(all);
    lateStepsTriedAgain(all);
    aftermaths(all);
    WaitingShapes.addTo(all);
    return all;
  }

  private static void sequences(Map<String, PipelineTester> all) {
    all.put(
        "a sequence that leaves outputs",
        of(
                checkout(),
                step("first", step -> step.set(A, step.sh("say").stdout().strip())),
                stage("middle", step("second", step -> step.set(B, step.get(A) + "!"))),
                step("third", step -> step.sh("use", step.get(A), step.get(B))))
            .command("say", prints("hello")));
    all.put(
        "a sequence that fails in the middle",
        of(sh("one", "1"), stage("two", sh("a", "2a"), sh("b", "2b")), sh("three", "3"))
            .command("2a", fails("no")));
    all.put(
        "a failure that is allowed",
        of(sh("one", "1").allowFailure(), sh("two", "2")).command("1", exits(3)));
  }

  private static void folders(Map<String, PipelineTester> all) {
    all.put(
        "steps known late",
        of(
                step("list", step -> step.set(A, "x y z")),
                expand("each", Shapes::late),
                sh("last", "last"))
            .command("work y", fails("no")));
    all.put("no late steps", of(expand("each", step -> List.of()), sh("last", "last")));
    all.put(
        "another repository",
        of(
            withCheckout(
                git("https://git.example.org/lib.git").into("lib"), sh("a", "a"), sh("b", "b")),
            sh("c", "c")));
    all.put(
        "another repository that cannot be had",
        of(withCheckout(git("https://git.example.org/lib.git"), sh("a", "a"))
                .ensure(sh("sweep", "sweep")))
            .command("fetch https://git.example.org", fails("no such repository")));
    all.put(
        "a task that asks for everything",
        of(
                sh("build", "build")
                    .image("node:22")
                    .with(service("db", "postgres:17"))
                    .needs(secret("TOKEN"))
                    .env("LEVEL", "1")
                    .locks("floor")
                    .keeps("out/*.xml")
                    .junit("out/*.xml")
                    .cache("tools-{files:VERSION}", "tools")
                    .timeout(ofMinutes(5))
                    .attempts(2)
                    .ensure(sh("sweep", "sweep")),
                sh("last", "last"))
            .file("VERSION", "1")
            .secret("TOKEN", "sesame!")
            .command("build", writes("out/a.xml", REPORT).printing("sesame!")));
    all.put(
        "kept files",
        of(sh("build", "build").keeps("out/*.txt"), sh("use", "use"))
            .command("build", writes("out/a.txt", "text")));
  }

  private static List<Step> late(StepContext step) {
    return List.of(step.get(A).split(" ")).stream()
        .<Step>map(
            name ->
                stage(name, sh("work", "work " + name).allowFailure(), sh("after", "after"))
                    .ensure(sh("sweep", "sweep")))
        .toList();
  }

  private static void parallels(Map<String, PipelineTester> all) {
    all.put(
        "five at the same time, two at once",
        of(inParallelFor(List.of(1, 2, 3, 4, 5), i -> sh("n" + i, "n" + i)).atMost(2)));
    all.put(
        "one of three fails",
        of(
                inParallel(sh("a", "a"), stage("b", sh("c", "c"), sh("d", "d")), sh("e", "e")),
                sh("f", "f"))
            .command("c", fails("no")));
    all.put(
        "one of three fails fast",
        of(
                inParallel(
                        sh("a", "a").ensure(sh("sweep", "sweep")),
                        sh("b", "b"),
                        stage("c", sh("d", "d"), sh("e", "e")))
                    .failFast(),
                sh("f", "f"))
            .command("a", takes(ofMinutes(3)))
            .command("b", fails("no").taking(ofSeconds(5)))
            .command("d", takes(ofMinutes(1))));
    all.put(
        "the first of three wins",
        of(
                anyOf(
                    sh("a", "a").ensure(sh("sweep", "sweep")),
                    sh("b", "b"),
                    stage("c", sh("d", "d"), sh("e", "e"))),
                sh("f", "f"))
            .command("a", takes(ofHours(3)))
            .command("b", fails("no"))
            .command("d", takes(ofSeconds(10))));
    all.put(
        "nobody wins",
        of(anyOf(sh("a", "a"), sh("b", "b"))).command("a", fails("no")).command("b", errors("no")));
  }

  private static void conditions(Map<String, PipelineTester> all) {
    all.put(
        "choices",
        of(
                step("ask", step -> step.set(A, "yes")),
                choose(run -> run.output(A).isPresent(), sh("then", "t"), sh("else", "e")),
                choose(run -> run.number() > 5, sh("big", "t"), stage("small", sh("s", "s"))),
                onlyIf(run -> run.output(B).isPresent(), sh("never", "n")),
                onlyIf(run -> run.branch().isPresent(), sh("always", "a"), sh("more", "m")),
                onBranch("main", sh("main only", "x")),
                onBranch("release/*", sh("release only", "x")))
            .number(5));
    all.put(
        "a condition that throws",
        of(onlyIf(run -> Integer.parseInt("x") > 1, sh("never", "n")), sh("last", "l")));
  }

  private static void repeats(Map<String, PipelineTester> all) {
    all.put(
        "a task that succeeds at last",
        of(sh("flaky", "flaky").attempts(4, ofSeconds(10)), sh("last", "last"))
            .command("flaky", times(2, fails("no"))));
    all.put(
        "a task that never succeeds",
        of(sh("broken", "broken").attempts(3), sh("last", "last")).command("broken", exits(2)));
    all.put(
        "a stage that is tried again",
        of(stage(
                    "all",
                    sh("one", "one"),
                    inParallel(sh("two", "two"), step("three", step -> step.set(A, "x"))),
                    choose(run -> true, sh("four", "four"), sh("five", "five")))
                .attempts(3, ofSeconds(5))
                .ensure(sh("sweep", "sweep")))
            .command("two", times(2, fails("no"))));
    all.put(
        "a container without a name that is tried again",
        of(
                inParallel(sh("a", "a"), sh("b", "b").attempts(2)).attempts(2),
                anyOf(sh("c", "c"), sh("d", "d")).attempts(2))
            .command("b", times(3, fails("no")))
            .command("c", fails("no"))
            .command("d", times(1, fails("no"))));
  }

  private static void containersTriedAgain(Map<String, PipelineTester> all) {
    all.put(
        "a repository that comes at the second attempt",
        of(
                withCheckout(git("https://git.example.org/lib.git"), sh("a", "a"))
                    .attempts(2)
                    .onFailure(sh("regret", "r")),
                sh("b", "b"))
            .command("fetch https://git.example.org", times(1, fails("away"))));
    all.put(
        "one of two fails fast and is tried again",
        of(inParallel(sh("a", "a"), sh("b", "b")).failFast().attempts(2), sh("c", "c"))
            .command("a", takes(ofMinutes(3)))
            .command("b", times(1, fails("no"))));
    all.put(
        "a stage that takes too long at first",
        of(stage("s", sh("a", "a"), sh("b", "b")).timeout(ofMinutes(1)).attempts(2), sh("c", "c"))
            .command("b", times(1, hangs())));
    all.put(
        "a container without a name that takes too long at first",
        of(inParallel(sh("a", "a"), sh("b", "b")).timeout(ofMinutes(1)).attempts(2), sh("c", "c"))
            .command("b", times(1, hangs())));
  }

  private static void lateStepsTriedAgain(Map<String, PipelineTester> all) {
    all.put(
        "other late steps in each attempt",
        of(
                step("none", step -> {}),
                expand(
                        "each",
                        step -> {
                          String name = step.sh("name").stdout().strip();
                          return List.of(sh(name, "work " + name));
                        })
                    .attempts(2))
            .command("name", inTurn(prints("x"), prints("y")))
            .command("work", times(1, fails("no"))));
    all.put(
        "stages in stages that are tried again",
        of(stage(
                    "outer",
                    stage("inner", sh("a", "a"), sh("b", "b")).attempts(2),
                    choose(run -> true, sh("c", "c"), sh("d", "d")),
                    sh("e", "e"))
                .attempts(2))
            .command("b", times(3, fails("no")))
            .command("e", fails("no")));
    all.put(
        "late steps that are tried again",
        of(
                expand("each", step -> List.of(sh("a", "a"), sh("b", "b"))).attempts(2),
                sh("last", "last"))
            .command("b", times(1, fails("no"))));
  }

  private static void aftermaths(Map<String, PipelineTester> all) {
    all.put(
        "what runs afterwards",
        of(
                sh("work", "work")
                    .onFailure(sh("regret", "regret"))
                    .onFailure(stage("report", sh("mail", "mail")))
                    .ensure(sh("sweep", "sweep").ensure(sh("dust", "dust")))
                    .ensure(sh("mop", "mop")),
                sh("last", "last"))
            .command("work", fails("no"))
            .command("regret", errors("lost")));
    all.put(
        "what runs after a stage",
        of(
            stage("s", sh("a", "a"), sh("b", "b"))
                .onFailure(sh("never", "never"))
                .ensure(stage("end", sh("c", "c"), sh("d", "d"))),
            onlyIf(run -> true, sh("e", "e")).ensure(sh("f", "f"))));
    all.put(
        "what runs after an error in a stage without a name",
        of(
                inParallel(sh("a", "a"), sh("b", "b"))
                    .onFailure(sh("regret", "regret"))
                    .ensure(sh("sweep", "sweep")),
                sh("last", "last"))
            .step("a", errors("no disk")));
  }
}
