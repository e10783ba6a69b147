package dev.pipewright.author;

import static dev.pipewright.dsl.Pipelines.pipeline;
import static dev.pipewright.dsl.Steps.*;
import static dev.pipewright.dsl.Triggers.*;
import static dev.pipewright.test.Person.by;
import static dev.pipewright.test.Script.*;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;

import dev.pipewright.dsl.*;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.test.PipelineTester;
import java.util.List;
import java.util.Map;

/** Pipelines that wait, are limited, cancelled, or must not do a thing twice. */
final class WaitingShapes {
  private WaitingShapes() {}

  static void addTo(Map<String, PipelineTester> all) {
    limits(all);
    waits(all);
    locks(all);
    downstreams(all);
    onces(all);
    cancels(all);
  }

  private static void limits(Map<String, PipelineTester> all) {
    all.put(
        "a task that takes too long",
        Shapes.of(
                sh("slow", "slow").timeout(ofMinutes(1)).attempts(2).ensure(sh("sweep", "sweep")),
                sh("last", "last"))
            .command("slow", hangs()));
    all.put(
        "a stage that takes too long",
        Shapes.of(
                stage("s", sh("quick", "quick"), sh("slow", "slow").ensure(sh("sweep", "sweep")))
                    .timeout(ofMinutes(10))
                    .onFailure(sh("regret", "regret")),
                sh("last", "last"))
            .command("slow", hangs()));
    all.put(
        "a run that takes too long",
        PipelineTester.of(
                pipeline("shape")
                    .startedBy(manually())
                    .timeout(ofMinutes(30))
                    .runs(
                        sh("quick", "quick"),
                        inParallel(sh("slow", "slow").ensure(sh("sweep", "sweep")), sh("b", "b"))))
            .command("slow", hangs()));
  }

  private static void waits(Map<String, PipelineTester> all) {
    all.put(
        "an approval with values",
        Shapes.of(
                sh("build", "build"),
                approval("ship").asks("Ship?").takes(Shapes.PACE, Shapes.LOUD).within(ofHours(1)),
                step(
                    "deploy",
                    step -> step.sh("deploy", step.get(Shapes.PACE), "" + step.get(Shapes.LOUD))))
            .approve("ship", by("ann").giving(Shapes.LOUD, true).saying("looks good")));
    all.put(
        "a rejection",
        Shapes.of(
                approval("ship").onFailure(sh("regret", "r")).ensure(sh("sweep", "s")),
                sh("last", "l"))
            .reject("ship", by("bob").saying("not today")));
    all.put(
        "an approval nobody gives in time",
        Shapes.of(approval("ship").within(ofHours(8)).ensure(sh("sweep", "s")), sh("last", "l")));
    all.put(
        "an approval nobody ever gives",
        Shapes.of(sh("a", "a"), approval("ship").within(ofHours(8)), sh("b", "b"))
            .leaveWaiting("ship"));
    all.put(
        "an approval beside work",
        Shapes.of(
                inParallel(
                    stage("slow", sh("one", "one"), sh("two", "two")),
                    approval("ship").timeout(ofHours(9)),
                    stage("late", approval("other"), sh("three", "three"))),
                sh("last", "last"))
            .command("one", takes(ofMinutes(10)))
            .approve("ship", by("ann").after(ofMinutes(5)))
            .approve("late/other", by("bob").after(ofHours(2))));
  }

  private static void locks(Map<String, PipelineTester> all) {
    all.put(
        "locks in each other's way",
        Shapes.of(
            inParallel(
                withLock("printer", sh("a", "a"), sh("b", "b")),
                sh("c", "c").locks("printer").locks("floor"),
                stage("d", sh("e", "e")).locks("floor").ensure(sh("f", "f")))));
    all.put(
        "a lock that somebody else has",
        Shapes.of(withLock("printer", sh("a", "a")).ensure(sh("sweep", "s")), sh("b", "b"))
            .lockHeldFor("printer", ofMinutes(30)));
    all.put(
        "a lock that cannot be had in time",
        Shapes.of(stage("s", sh("a", "a").locks("printer")).timeout(ofMinutes(10)), sh("b", "b"))
            .lockHeldFor("printer", ofMinutes(30)));
  }

  private static void downstreams(Map<String, PipelineTester> all) {
    all.put(
        "other pipelines",
        Shapes.of(
                step("v", step -> step.set(Shapes.A, "1")),
                trigger("other").parameter("version", Shapes.A).parameter("x", "y"),
                trigger("third").named("later").withoutWaiting(),
                trigger("fourth").allowFailure(),
                sh("last", "last"))
            .downstream("fourth", Outcome.FAILED));
    all.put(
        "another pipeline that fails",
        Shapes.of(trigger("other").onFailure(sh("regret", "r")), sh("last", "l"))
            .downstream("other", Outcome.TIMED_OUT));
  }

  private static void onces(Map<String, PipelineTester> all) {
    all.put(
        "tasks that are done at most once",
        Shapes.of(
                sh("build", "build"),
                sh("deploy", "deploy").atMostOnce().ensure(sh("sweep", "sweep")),
                inParallel(
                    step("notify", step -> step.sh("mail")).atMostOnce(), sh("other", "other")),
                sh("fails", "fails").atMostOnce().allowFailure())
            .command("fails", fails("no")));
    all.put(
        "a task done at most once that is tried again",
        Shapes.of(sh("deploy", "deploy").atMostOnce().attempts(3), sh("last", "last"))
            .command("deploy", times(1, fails("no"))));
    all.put(
        "late steps that are done at most once",
        Shapes.of(
            expand("each", step -> List.of(sh("a", "a").atMostOnce(), sh("b", "b").atMostOnce()))));
  }

  private static void cancels(Map<String, PipelineTester> all) {
    Step work =
        stage(
            "s",
            inParallel(
                sh("a", "a").ensure(sh("sweep", "sweep")).onFailure(sh("never", "never")),
                stage("b", sh("c", "c"), sh("d", "d"))),
            sh("e", "e"));
    all.put(
        "a cancel between two steps",
        Shapes.of(sh("first", "first"), work, sh("last", "last")).cancelAfter("first"));
    all.put(
        "a cancel in a step",
        Shapes.of(sh("first", "first"), work, sh("last", "last"))
            .command("a", takes(ofMinutes(1)))
            .cancelDuring("s/a"));
    all.put(
        "a cancel while it waits",
        Shapes.of(approval("ship").ensure(sh("sweep", "sweep")), sh("last", "last"))
            .cancelDuring("ship"));
  }
}
