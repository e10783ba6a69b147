package dev.pipewright.dsl;

import dev.pipewright.dsl.definition.StepNode;
import dev.pipewright.dsl.definition.Word;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/**
 * The words for what a run does. Each returns an immutable value; nothing happens until a run gets
 * there. Bad values never throw here: they are reported all together, each with file and line,
 * before anything runs.
 *
 * <p>What holds for every word, unless it says otherwise:
 *
 * <ul>
 *   <li><b>Success and failure.</b> In what holds other steps, a sequence stops at the first step
 *       that does not succeed; its later steps are SKIPPED. Of several outcomes ERRORED beats
 *       TIMED_OUT beats FAILED beats CANCELLED; skipped steps and allowed failures count as
 *       success. FAILED means that the work said no; ERRORED that it could not be done.
 *   <li><b>Cancel.</b> It reaches every running step; what was not begun is CANCELLED too. The
 *       {@code ensure} steps of what was begun still run.
 *   <li><b>Repeat.</b> A run whose engine was lost goes on where it was: what is finished is not
 *       done again and keeps its outputs, a task that was running is done once more from its
 *       beginning, unless it is {@link Task#atMostOnce}. What was decided, such as a condition or a
 *       winner, stays decided.
 * </ul>
 */
public final class Steps {
  private Steps() {}

  /**
   * Puts the commit of the run into the workspace, as the step {@code checkout}. ERRORED if it
   * cannot be fetched. A repeat resets tracked files to the commit. In a local run it does nothing:
   * the working tree is used as it is.
   *
   * @return the step
   */
  public static Task checkout() {
    return checkout("checkout");
  }

  /**
   * The same as {@link #checkout()} under another name.
   *
   * @param name the step's name
   * @return the step
   */
  public static Task checkout(String name) {
    return new Task(Nodes.make(new Word.Checkout(name)));
  }

  /**
   * Runs a shell command in the workspace: {@code bash -euo pipefail} where there is bash, {@code
   * sh -eu} where there is not. FAILED if the exit code is not zero, ERRORED if the shell cannot be
   * started. The environment holds only {@code CI}, {@code HOME}, {@code PATH}, what {@code env}
   * declares, and the facts of the run as {@code PIPEWRIGHT_*}. On a cancel the whole process group
   * gets SIGTERM and after a grace SIGKILL; processes left behind at the end are ended too.
   *
   * @param name the step's name
   * @param command what the shell runs
   * @return the step
   */
  public static Task sh(String name, String command) {
    return new Task(Nodes.make(new Word.Shell(name, command)));
  }

  /**
   * Runs a program without a shell; otherwise as {@link #sh}.
   *
   * @param name the step's name
   * @param program name on the PATH, or path relative to the workspace if it holds a slash
   * @param args its arguments, passed as they are
   * @return the step
   */
  public static Task exec(String name, String program, String... args) {
    return new Task(Nodes.make(new Word.Exec(name, Nodes.list(program, args))));
  }

  /**
   * Runs Java code. Returning means SUCCEEDED, {@link StepContext#failure} FAILED, any other
   * exception ERRORED. A cancel and a time limit interrupt its thread. What it sets is kept at its
   * end, so a repeat sets it anew.
   *
   * @param name the step's name
   * @param body what to run; see {@link StepBody} for how it ends
   * @return the step
   */
  public static Task step(String name, StepBody body) {
    return new Task(Nodes.make(new Word.Code(name, context -> body.run((StepContext) context))));
  }

  /**
   * A named sequence. Its name is part of the paths of its steps and it has an outcome of its own:
   * that of its steps.
   *
   * @param name the stage's name
   * @param first a step
   * @param rest more steps
   * @return the stage
   */
  public static Group stage(String name, Step first, Step... rest) {
    return new Group(Nodes.make(new Word.Stage(name, Nodes.of(first, rest))));
  }

  /**
   * Runs steps at the same time and waits for all of them. One that does not succeed does not stop
   * the others unless {@link Parallel#failFast} says so; the worst outcome counts. A repeat begins
   * only those that are not finished.
   *
   * @param first a step
   * @param second another step
   * @param rest more steps
   * @return the step
   */
  public static Parallel inParallel(Step first, Step second, Step... rest) {
    List<StepNode> steps = new ArrayList<>(List.of(Nodes.node(first), Nodes.node(second)));
    for (Step step : rest) {
      steps.add(Nodes.node(step));
    }
    return new Parallel(Nodes.make(new Word.InParallel(steps, false, null, false)));
  }

  /**
   * Runs one step per item at the same time; otherwise as {@link #inParallel}. The names of the
   * steps must differ. The items are known when the pipeline is defined.
   *
   * @param <T> the type of the items
   * @param items what to make steps from; at least one
   * @param each makes the step of an item
   * @return the step
   */
  public static <T> Parallel inParallelFor(
      Collection<? extends T> items, Function<? super T, ? extends Step> each) {
    List<StepNode> steps = new ArrayList<>();
    for (T item : items) {
      steps.add(Nodes.node(each.apply(item)));
    }
    return new Parallel(Nodes.make(new Word.InParallel(steps, false, null, true)));
  }

  /**
   * Runs steps at the same time until one succeeds; the others are then cancelled and awaited, and
   * the whole is SUCCEEDED. If none succeeds the worst outcome counts. A repeat after a success
   * starts no other step.
   *
   * @param first a step
   * @param second another step
   * @param rest more steps
   * @return the step
   */
  public static Group anyOf(Step first, Step second, Step... rest) {
    List<StepNode> steps = new ArrayList<>(List.of(Nodes.node(first), Nodes.node(second)));
    for (Step step : rest) {
      steps.add(Nodes.node(step));
    }
    return new Group(Nodes.make(new Word.AnyOf(steps)));
  }

  /**
   * Runs one of two steps; the other one is SKIPPED. ERRORED if the condition throws. The answer is
   * recorded, so a repeat does not ask again.
   *
   * @param condition asked when the step is reached
   * @param then runs if the condition holds
   * @param otherwise runs if it does not
   * @return the step
   */
  public static Group choose(Condition condition, Step then, Step otherwise) {
    return new Group(
        Nodes.make(new Word.Choose(question(condition), Nodes.node(then), Nodes.node(otherwise))));
  }

  /**
   * Runs a sequence only if a condition holds; otherwise its steps are SKIPPED and the run goes on.
   * ERRORED if the condition throws. The answer is recorded, so a repeat does not ask again.
   *
   * @param condition asked when the step is reached
   * @param first a step
   * @param rest more steps
   * @return the step
   */
  public static Group onlyIf(Condition condition, Step first, Step... rest) {
    return new Group(Nodes.make(new Word.OnlyIf(question(condition), Nodes.of(first, rest))));
  }

  /**
   * Runs a sequence only in runs of branches that match; otherwise, and for tags, its steps are
   * SKIPPED and the run goes on.
   *
   * @param pattern over branch names: {@code *} stands for anything but a slash, {@code **} for
   *     anything
   * @param first a step
   * @param rest more steps
   * @return the step
   */
  public static Group onBranch(String pattern, Step first, Step... rest) {
    return new Group(Nodes.make(new Word.OnBranch(pattern, Nodes.of(first, rest))));
  }

  /**
   * Runs steps that become known only when the run gets there: one after the other, or all in one
   * {@link #inParallel}. No steps at all is a success. ERRORED if they cannot be made, if something
   * is wrong with them as it can be with any definition, or if there are more than 1,000. Their
   * names and kinds are recorded; a repeat makes them anew and is ERRORED if they are others than
   * before, so what they are made from must not change meanwhile.
   *
   * @param name the step's name; the paths of the steps lie below it
   * @param steps makes them
   * @return the step
   */
  public static Group expand(String name, Fanout steps) {
    return new Group(
        Nodes.make(
            new Word.Expand(
                name,
                context -> steps.steps((StepContext) context).stream().map(Nodes::node).toList())));
  }

  /**
   * Waits for a person. SUCCEEDED when approved, FAILED when rejected, TIMED_OUT after {@link
   * Approval#within}, CANCELLED if the run is. With nothing else left to do, nothing is kept
   * running while it waits, and a repeat goes on waiting for the same answer.
   *
   * @param name the step's name
   * @return the step
   */
  public static Approval approval(String name) {
    return new Approval(Nodes.make(new Word.Approval(name, "", List.of(), null, List.of())));
  }

  /**
   * Runs a sequence while a lock of the server is held, {@code ensure} and {@code onFailure} of
   * this step included; others that want it wait, first come, first served. It is given back
   * however the sequence ends. A cancel while it waits for the lock ends the wait; a repeat finds
   * the lock still held, or its place in the line. A lock that is held around the step already is a
   * problem of the definition.
   *
   * @param lock the lock's name
   * @param first a step
   * @param rest more steps
   * @return the step
   */
  public static Group withLock(String lock, Step first, Step... rest) {
    return new Group(Nodes.make(new Word.WithLock(lock, Nodes.of(first, rest))));
  }

  /**
   * Runs a sequence in a checkout of another repository, which becomes a folder of the workspace;
   * the steps inside run in that folder. ERRORED if it cannot be fetched. A repeat fetches it anew,
   * which may bring a newer commit, unless nothing in it is left to do.
   *
   * @param repository which one
   * @param first a step
   * @param rest more steps
   * @return the step
   */
  public static Group withCheckout(GitRepository repository, Step first, Step... rest) {
    return new Group(
        Nodes.make(
            new Word.WithCheckout(
                repository.url(),
                repository.branch(),
                repository.folder(),
                Nodes.of(first, rest))));
  }

  /**
   * Starts a run of another pipeline of the same server and waits for it; the outcome is that
   * run's. ERRORED if it cannot be started. A cancel or a time limit ends the wait, and the other
   * run goes on. A repeat finds the run that was started instead of starting another. With nothing
   * else left to do, nothing is kept running while it waits.
   *
   * @param pipeline its name
   * @return the step
   */
  public static Downstream trigger(String pipeline) {
    return Downstream.of(pipeline);
  }

  /**
   * Names a service for {@link Task#with}.
   *
   * @param name the host name the step reaches it by
   * @param image its container image
   * @return the service
   */
  public static Service service(String name, String image) {
    return new Service(name, image);
  }

  /**
   * Names a secret for {@link Task#needs}.
   *
   * @param name the secret's name, which is also the environment variable
   * @return the secret
   */
  public static Secret secret(String name) {
    return new Secret(name);
  }

  /**
   * Names another repository for {@link #withCheckout}.
   *
   * @param url where it is
   * @return the repository
   */
  public static GitRepository git(String url) {
    return GitRepository.at(url);
  }

  private static Word.Question question(Condition condition) {
    return facts -> condition.holds((RunFacts) facts);
  }
}
