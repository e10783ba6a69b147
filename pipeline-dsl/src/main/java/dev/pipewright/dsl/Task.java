package dev.pipewright.dsl;

import dev.pipewright.dsl.definition.Modifier;
import dev.pipewright.dsl.definition.StepNode;
import java.time.Duration;
import java.util.List;

/** A leaf: a step that does work itself. */
public final class Task implements Step {
  private final StepNode node;

  Task(StepNode node) {
    this.node = node;
  }

  @Override
  public Task timeout(Duration limit) {
    return new Task(Nodes.timeout(node, limit));
  }

  @Override
  public Task allowFailure() {
    return new Task(Nodes.allowFailure(node));
  }

  @Override
  public Task onFailure(Step step) {
    return new Task(Nodes.onFailure(node, step));
  }

  @Override
  public Task ensure(Step step) {
    return new Task(Nodes.ensure(node, step));
  }

  /**
   * Tries again until it succeeds, without a pause; see {@link #attempts(int, Duration)}.
   *
   * @param total how often at the most, the first time included
   * @return this step with the attempts
   */
  public Task attempts(int total) {
    return attempts(total, Duration.ZERO);
  }

  /**
   * Tries again until it succeeds. FAILED, ERRORED and TIMED_OUT are tried again, CANCELLED never;
   * the outcome is that of the last attempt.
   *
   * @param total how often at the most, the first time included
   * @param backoff pause before the second attempt; doubled before each later one
   * @return this step with the attempts
   */
  public Task attempts(int total, Duration backoff) {
    return new Task(Nodes.attempts(node, total, backoff));
  }

  /**
   * Sets an environment variable here and in everything inside. Inner ones win.
   *
   * @param name letters, digits and underscores; not beginning with {@code PIPEWRIGHT_}
   * @param value its value
   * @return this step with the variable
   */
  public Task env(String name, String value) {
    return new Task(Nodes.env(node, name, value));
  }

  /**
   * Holds a lock of the server while this runs; others that want it wait. It is given back however
   * the step ends.
   *
   * @param lock the lock's name
   * @return this step with the lock
   */
  public Task locks(String lock) {
    return new Task(Nodes.locks(node, lock));
  }

  /**
   * Runs this command in another container image than the rest of the pipeline, on the same
   * workspace. ERRORED if there is no such image. Only {@code sh} and {@code exec} can do so: Java
   * code runs where the pipeline runs.
   *
   * @param reference such as {@code node:22}
   * @return this task with the image
   */
  public Task image(String reference) {
    return new Task(node.with(new Modifier.Image(reference, Caller.location())));
  }

  /**
   * Starts services before the task and ends them after it. A service that does not become ready
   * makes the task ERRORED.
   *
   * @param first a service
   * @param rest more services
   * @return this task with the services
   */
  public Task with(Service first, Service... rest) {
    StepNode more = node;
    for (Service service : Nodes.list(first, rest)) {
      more = more.with(new Modifier.With(service.name(), service.image(), Caller.location()));
    }
    return new Task(more);
  }

  /**
   * Lets this task, and no other, see secrets: as environment variables of the same name, and in
   * Java code with {@link StepContext#secret}. Their values are hidden in its log. ERRORED if one
   * cannot be had.
   *
   * @param first a secret
   * @param rest more secrets
   * @return this task with the secrets
   */
  public Task needs(Secret first, Secret... rest) {
    StepNode more = node;
    for (Secret secret : Nodes.list(first, rest)) {
      more = more.with(new Modifier.Needs(secret.name(), Caller.location()));
    }
    return new Task(more);
  }

  /**
   * Keeps files as artifacts of the run, taken from the workspace after the last attempt, whatever
   * the outcome except CANCELLED. A pattern that matches nothing is noted in the log. Links that
   * lead out of the workspace are not followed.
   *
   * @param first a pattern relative to the workspace, such as {@code target/*.jar}; {@code **}
   *     reaches into folders
   * @param rest more patterns
   * @return this task with the patterns
   */
  public Task keeps(String first, String... rest) {
    StepNode more = node;
    for (String glob : Nodes.list(first, rest)) {
      more = more.with(new Modifier.Keeps(glob, Caller.location()));
    }
    return new Task(more);
  }

  /**
   * Reads JUnit XML reports after the task and shows their results with the run. Reports do not
   * change the outcome.
   *
   * @param first a pattern relative to the workspace
   * @param rest more patterns
   * @return this task with the patterns
   */
  public Task junit(String first, String... rest) {
    StepNode more = node;
    for (String glob : Nodes.list(first, rest)) {
      more = more.with(new Modifier.Junit(glob, Caller.location()));
    }
    return new Task(more);
  }

  /**
   * Brings folders of an earlier run back before the task and stores them after its success. A lost
   * cache never changes the outcome.
   *
   * <p>{@code cache("maven-{files:pom.xml}", ".m2/repository")} has a key that changes with the
   * files: {@code {files:<pattern>}} is replaced by a hash over the matching ones.
   *
   * @param key runs of the pipeline with the same key share the folders
   * @param first a folder relative to the workspace
   * @param rest more folders
   * @return this task with the cache
   */
  public Task cache(String key, String first, String... rest) {
    List<String> paths = Nodes.list(first, rest);
    return new Task(node.with(new Modifier.Cache(key, paths, Caller.location())));
  }

  /**
   * Forbids to run the task a second time after its end became unknown, such as by a lost machine;
   * a person is asked instead. {@code attempts} still repeats it after a known end.
   *
   * @return this task, run at most once
   */
  public Task atMostOnce() {
    return new Task(node.with(new Modifier.AtMostOnce(Caller.location())));
  }

  StepNode node() {
    return node;
  }

  @Override
  public String toString() {
    return "Task " + node.word().keyword() + " at " + node.location();
  }
}
