package dev.pipewright.dsl;

import dev.pipewright.dsl.definition.PipelineNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** A pipeline that has triggers and still needs its steps. */
public final class TriggeredPipeline {
  private final PipelineNode node;

  TriggeredPipeline(PipelineNode node) {
    this.node = node;
  }

  /**
   * Names the container image the steps run in. Without it the server's default is taken; a local
   * run without containers passes it over.
   *
   * @param reference such as {@code maven:3.9-eclipse-temurin-25}
   * @return this pipeline with the image
   */
  public TriggeredPipeline image(String reference) {
    return new TriggeredPipeline(
        new PipelineNode(
            node.name(),
            node.triggers(),
            reference,
            node.env(),
            node.timeout(),
            node.steps(),
            node.location()));
  }

  /**
   * Sets an environment variable for every step. A step may replace it.
   *
   * @param name letters, digits and underscores
   * @param value its value
   * @return this pipeline with the variable
   */
  public TriggeredPipeline env(String name, String value) {
    Map<String, String> more = new HashMap<>(node.env());
    more.put(name, value);
    return new TriggeredPipeline(
        new PipelineNode(
            node.name(),
            node.triggers(),
            node.image(),
            more,
            node.timeout(),
            node.steps(),
            node.location()));
  }

  /**
   * Limits a whole run. When the time is over the running steps are cancelled, {@code ensure} steps
   * still run, and the run is TIMED_OUT.
   *
   * @param limit longer than nothing
   * @return this pipeline with the limit
   */
  public TriggeredPipeline timeout(Duration limit) {
    return new TriggeredPipeline(
        new PipelineNode(
            node.name(),
            node.triggers(),
            node.image(),
            node.env(),
            limit,
            node.steps(),
            node.location()));
  }

  /**
   * Says what a run does: these steps, one after the other. The first that does not succeed ends
   * the run with its outcome; the later ones are not begun.
   *
   * @param first a step
   * @param rest more steps
   * @return the pipeline
   */
  public Pipeline runs(Step first, Step... rest) {
    return new Pipeline(
        new PipelineNode(
            node.name(),
            node.triggers(),
            node.image(),
            node.env(),
            node.timeout(),
            Nodes.of(first, rest),
            node.location()));
  }
}
