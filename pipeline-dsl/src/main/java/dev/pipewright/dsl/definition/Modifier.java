package dev.pipewright.dsl.definition;

import java.time.Duration;
import java.util.List;

/** What a fluent call adds to a step, one record per modifier. */
public sealed interface Modifier {

  /** {@return the call that added it} */
  SourceLocation location();

  /**
   * A limit for one attempt.
   *
   * @param limit how long an attempt may take
   * @param location the call
   */
  record Timeout(Duration limit, SourceLocation location) implements Modifier {}

  /**
   * How often a step is tried.
   *
   * @param total the first try included
   * @param backoff pause before the second attempt, doubled before each later one
   * @param location the call
   */
  record Attempts(int total, Duration backoff, SourceLocation location) implements Modifier {}

  /**
   * Lets the container succeed though the step does not.
   *
   * @param location the call
   */
  record AllowFailure(SourceLocation location) implements Modifier {}

  /**
   * What runs when the step did not succeed.
   *
   * @param step what runs
   * @param location the call
   */
  record OnFailure(StepNode step, SourceLocation location) implements Modifier {}

  /**
   * What runs after the step however it ended.
   *
   * @param step what runs
   * @param location the call
   */
  record Ensure(StepNode step, SourceLocation location) implements Modifier {}

  /**
   * Another container image for one step.
   *
   * @param reference the image
   * @param location the call
   */
  record Image(String reference, SourceLocation location) implements Modifier {}

  /**
   * A service beside the step.
   *
   * @param name host name of the service
   * @param image its container image
   * @param location the call
   */
  record With(String name, String image, SourceLocation location) implements Modifier {}

  /**
   * An environment variable.
   *
   * @param name its name
   * @param value its value
   * @param location the call
   */
  record Env(String name, String value, SourceLocation location) implements Modifier {}

  /**
   * A secret the step may see.
   *
   * @param secret its name
   * @param location the call
   */
  record Needs(String secret, SourceLocation location) implements Modifier {}

  /**
   * A lock held while the step runs.
   *
   * @param lock its name
   * @param location the call
   */
  record Locks(String lock, SourceLocation location) implements Modifier {}

  /**
   * Files kept after the run.
   *
   * @param glob which files, relative to the workspace
   * @param location the call
   */
  record Keeps(String glob, SourceLocation location) implements Modifier {}

  /**
   * Test reports.
   *
   * @param glob which files, relative to the workspace
   * @param location the call
   */
  record Junit(String glob, SourceLocation location) implements Modifier {}

  /**
   * Folders that survive between runs.
   *
   * @param key runs with the same key share the folders
   * @param paths which folders, relative to the workspace
   * @param location the call
   */
  record Cache(String key, List<String> paths, SourceLocation location) implements Modifier {
    /**
     * Copies the paths.
     *
     * @param key runs with the same key share the folders
     * @param paths which folders, relative to the workspace
     * @param location the call
     */
    public Cache {
      paths = List.copyOf(paths);
    }
  }

  /**
   * Forbids to repeat the step after an unknown end.
   *
   * @param location the call
   */
  record AtMostOnce(SourceLocation location) implements Modifier {}
}
