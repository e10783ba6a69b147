package dev.pipewright.dsl.definition;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A whole pipeline as the engine reads it.
 *
 * @param name the pipeline's name
 * @param triggers what may start it
 * @param image the container image its steps run in; null for the server's default
 * @param resources how much the containers of its runs ask for
 * @param env environment variables of every step
 * @param timeout limit of a whole run; null for none
 * @param concurrency how its runs stand to each other
 * @param steps what it runs, in order
 * @param location the call that named it
 */
public record PipelineNode(
    String name,
    List<TriggerNode> triggers,
    @Nullable String image,
    ResourcesNode resources,
    Map<String, String> env,
    @Nullable Duration timeout,
    ConcurrencyNode concurrency,
    List<StepNode> steps,
    SourceLocation location) {

  /**
   * Copies the collections.
   *
   * @param name the pipeline's name
   * @param triggers what may start it
   * @param image the container image its steps run in; null for the server's default
   * @param resources how much the containers of its runs ask for
   * @param env environment variables of every step
   * @param timeout limit of a whole run; null for none
   * @param concurrency how its runs stand to each other
   * @param steps what it runs, in order
   * @param location the call that named it
   */
  public PipelineNode {
    triggers = List.copyOf(triggers);
    env = Map.copyOf(env);
    steps = List.copyOf(steps);
  }
}
