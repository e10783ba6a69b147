package dev.pipewright.test;

import dev.pipewright.dsl.Pipeline;
import dev.pipewright.dsl.PipelineDefinition;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.test.play.Crash;
import dev.pipewright.test.play.Crash.Moment;
import dev.pipewright.test.play.Play;
import dev.pipewright.test.play.Scenario;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Runs a pipeline in a test: on the real engine, but without processes, containers, network or
 * waiting. Java code really runs; commands do what the test says and else succeed and print
 * nothing; hours pass at once.
 *
 * <pre>{@code
 * import static dev.pipewright.protocol.run.Outcome.*;
 * import static dev.pipewright.test.Person.by;
 * import static dev.pipewright.test.Script.*;
 *
 * class ShopPipelineTest {
 *   private final PipelineTester shop =
 *       PipelineTester.of(new ShopPipeline())
 *           .onBranch("main")
 *           .secret("DEPLOY_KEY", "x")
 *           .command("git describe --always", prints("v1.2"));
 *
 *   @Test
 *   void whatIsApprovedIsDeployed() {
 *     shop.approve("ship", by("ann"))
 *         .run()
 *         .assertOutcome(SUCCEEDED)
 *         .assertOrder("checkout", "read version", "package", "ship", "deploy")
 *         .assertOutput(ShopPipeline.VERSION, "v1.2")
 *         .assertCommand("./deploy.sh v1.2");
 *   }
 *
 *   @Test
 *   void whatIsBrokenIsNotShipped() {
 *     shop.step("unit tests", fails("2 tests failed")).run().assertOutcome(FAILED).assertSkipped("ship");
 *   }
 *
 *   @Test
 *   void noCrashEverDeploysTwice() {
 *     shop.approve("ship", by("ann")).crashAtEveryEvent();
 *   }
 * }
 * }</pre>
 *
 * <p>A task and a command take a second each unless their {@link Script} says otherwise, so it is
 * certain which of two branches is first. Where nobody answers, an approval expires, or the run
 * stays waiting. Immutable: every method returns a new tester, so one can be the base of many.
 */
public final class PipelineTester {
  private final Pipeline pipeline;
  private final List<Consumer<Scenario>> lines;

  private PipelineTester(Pipeline pipeline, List<Consumer<Scenario>> lines) {
    this.pipeline = pipeline;
    this.lines = List.copyOf(lines);
  }

  /** A tester of the pipeline that a class defines. */
  public static PipelineTester of(PipelineDefinition definition) {
    return of(definition.define());
  }

  /** A tester of a pipeline. */
  public static PipelineTester of(Pipeline pipeline) {
    return new PipelineTester(pipeline, List.of());
  }

  private PipelineTester with(Consumer<Scenario> line) {
    List<Consumer<Scenario>> more = new ArrayList<>(lines);
    more.add(line);
    return new PipelineTester(pipeline, more);
  }

  /** Runs for a branch; without it, for {@code main}. */
  public PipelineTester onBranch(String name) {
    return with(scenario -> scenario.ref = "refs/heads/" + name);
  }

  /** Runs for a tag. */
  public PipelineTester onTag(String name) {
    return with(scenario -> scenario.ref = "refs/tags/" + name);
  }

  /** Runs with this number; without it, with 1. */
  public PipelineTester number(long number) {
    return with(scenario -> scenario.number = number);
  }

  /** Starts the run with a parameter. */
  public PipelineTester parameter(String name, String value) {
    return with(scenario -> scenario.parameters.put(name, value));
  }

  /** Gives a secret a value. */
  public PipelineTester secret(String name, String value) {
    return with(scenario -> scenario.secrets.put(name, value));
  }

  /** Puts a file into the workspace before the first step. */
  public PipelineTester file(String path, String content) {
    return with(scenario -> scenario.files.put(path, content));
  }

  /** Puts the text files of a folder into the workspace before the first step. */
  public PipelineTester files(Path folder) {
    return with(
        scenario -> {
          try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
              scenario.files.put(folder.relativize(file).toString(), Files.readString(file));
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /**
   * Says what a command does, be it that of a step or one that Java code runs.
   *
   * @param text its words, separated by blanks; or how these begin, and the longest beginning
   *     counts. The fetch of {@code withCheckout} is the command {@code fetch <URL>}.
   */
  public PipelineTester command(String text, Script script) {
    return with(scenario -> scenario.commands.put(text, script.acts()));
  }

  /** Says what a task does instead of its own work. */
  public PipelineTester step(String path, Script script) {
    return with(scenario -> scenario.steps.put(Steps.known(scenario, path), script.acts()));
  }

  /** Approves once the step waits. */
  public PipelineTester approve(String path, Person by) {
    return with(scenario -> scenario.replies.put(Steps.known(scenario, path), by.approving()));
  }

  /** Rejects once the step waits. */
  public PipelineTester reject(String path, Person by) {
    return with(scenario -> scenario.replies.put(Steps.known(scenario, path), by.rejecting()));
  }

  /** Nobody answers, and the time of the answer does not pass: the run is left waiting. */
  public PipelineTester leaveWaiting(String path) {
    return with(scenario -> scenario.unanswered.add(Steps.known(scenario, path)));
  }

  /** Somebody says that the step happened after all, once its engine was lost in it. */
  public PipelineTester happened(String path) {
    return with(scenario -> scenario.ends.put(Steps.known(scenario, path), "happened"));
  }

  /** Somebody says that the step did not happen and is to be done again. */
  public PipelineTester doAgain(String path) {
    return with(scenario -> scenario.ends.put(Steps.known(scenario, path), "again"));
  }

  /** Another run holds a lock for that long. */
  public PipelineTester lockHeldFor(String lock, Duration length) {
    return with(scenario -> scenario.heldLocks.put(lock, length));
  }

  /** A run of another pipeline ends so; without it, it is SUCCEEDED. It takes a minute. */
  public PipelineTester downstream(String other, Outcome outcome) {
    return with(scenario -> scenario.downstreams.put(other, outcome));
  }

  /** Cancels the run once the step is over. */
  public PipelineTester cancelAfter(String path) {
    return with(scenario -> scenario.cancels.put(Steps.known(scenario, path), false));
  }

  /** Cancels the run half a second after the step has begun. */
  public PipelineTester cancelDuring(String path) {
    return with(scenario -> scenario.cancels.put(Steps.known(scenario, path), true));
  }

  /** Loses the engine right after it has told that the step is over; another one goes on. */
  public PipelineTester crashAfter(String path) {
    return crash(Moment.AFTER_STEP, path, false);
  }

  /**
   * Loses the engine when the work of the step is done but nobody knows; another one goes on. Of a
   * step that does no work itself, right after it has begun.
   */
  public PipelineTester crashDuring(String path) {
    return crash(Moment.DURING_STEP, path, false);
  }

  /** Loses the engine and the workspace after the step; another engine begins again. */
  public PipelineTester loseWorkspaceAfter(String path) {
    return crash(Moment.AFTER_STEP, path, true);
  }

  /** Loses the engine and the workspace in the step; another engine begins again. */
  public PipelineTester loseWorkspaceDuring(String path) {
    return crash(Moment.DURING_STEP, path, true);
  }

  private PipelineTester crash(Moment when, String path, boolean workspace) {
    return with(
        scenario ->
            scenario.crashes.add(new Crash(when, Steps.known(scenario, path), 0, workspace)));
  }

  /** Gives up after so much real time in which nothing happens; without it, after a minute. */
  public PipelineTester patience(Duration length) {
    return with(scenario -> scenario.patience = length);
  }

  /**
   * Runs the pipeline to its end, or until it waits for ever.
   *
   * @throws dev.pipewright.engine.plan.DefinitionException naming all that is wrong with it
   * @throws AssertionError if it would never end
   */
  public TestedRun run() {
    TestedRun run = new TestedRun(Play.run(scenario()));
    run.assertNothingMissed();
    return run;
  }

  /**
   * Runs the pipeline once in peace, and then again and again, losing the engine at each event it
   * tells: once just before and once just after. Whatever is lost, another engine must go on so
   * that the run ends as it did in peace, no finished task is done again, the outputs are the same,
   * and nothing that is {@code atMostOnce} is done twice. Where nobody is scripted to say how such
   * a task ended, somebody says it truthfully.
   *
   * @throws AssertionError naming the place and what is wrong there
   */
  public CrashReport crashAtEveryEvent() {
    return new CrashWalk(this::scenario).engineLost();
  }

  /** As {@link #crashAtEveryEvent}, but the engine that goes on is lost soon, too. */
  public CrashReport crashTwiceAtEveryEvent() {
    return new CrashWalk(this::scenario).engineLostTwice();
  }

  /**
   * As {@link #crashAtEveryEvent}, but the workspace is lost with the engine, so that the run
   * begins again: everything is done anew but what is {@code atMostOnce} and was done.
   */
  public CrashReport loseWorkspaceAtEveryEvent() {
    return new CrashWalk(this::scenario).workspaceLost();
  }

  private Scenario scenario() {
    Scenario scenario = new Scenario(pipeline);
    lines.forEach(line -> line.accept(scenario));
    return scenario;
  }

  @Override
  public String toString() {
    return "PipelineTester of " + pipeline;
  }
}
