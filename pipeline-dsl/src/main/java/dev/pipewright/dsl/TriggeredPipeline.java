package dev.pipewright.dsl;

import dev.pipewright.dsl.definition.ConcurrencyNode;
import dev.pipewright.dsl.definition.ConcurrencyNode.Superseded;
import dev.pipewright.dsl.definition.PipelineNode;
import dev.pipewright.dsl.definition.ResourcesNode;
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
            node.resources(),
            node.env(),
            node.timeout(),
            node.concurrency(),
            node.steps(),
            node.location()));
  }

  /**
   * Says how much memory each container of a run may use: that of the engine with the steps in it,
   * and each one beside it. What uses more is ended, and its run is ERRORED with that reason. A
   * server gives no run more than its {@code --memory}; a run without containers passes this over.
   *
   * @param size a whole number and {@code k}, {@code m} or {@code g}, such as {@code 512m}; at
   *     least {@code 128m}
   * @return this pipeline with the limit
   */
  public TriggeredPipeline memory(String size) {
    return with(new ResourcesNode(size, node.resources().cpus(), Caller.location()));
  }

  /**
   * Says how many processors' worth of time each container of a run may use. A server gives no run
   * more than its {@code --cpus}; a run without containers passes this over.
   *
   * @param processors such as 2 or 0.5; at least 0.01
   * @return this pipeline with the limit
   */
  public TriggeredPipeline cpus(double processors) {
    return with(new ResourcesNode(node.resources().memory(), processors, Caller.location()));
  }

  private TriggeredPipeline with(ResourcesNode resources) {
    return new TriggeredPipeline(
        new PipelineNode(
            node.name(),
            node.triggers(),
            node.image(),
            resources,
            node.env(),
            node.timeout(),
            node.concurrency(),
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
            node.resources(),
            more,
            node.timeout(),
            node.concurrency(),
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
            node.resources(),
            node.env(),
            limit,
            node.concurrency(),
            node.steps(),
            node.location()));
  }

  /**
   * Lets one run of this pipeline be under way at a time; the others queue, oldest first. The same
   * as {@code atMost(1)}.
   *
   * @return this pipeline with the limit
   */
  public TriggeredPipeline oneAtATime() {
    return with(new ConcurrencyNode(1, node.concurrency().superseded(), Caller.location()));
  }

  /**
   * Limits how many runs of this pipeline are under way at once; the others queue, oldest first. A
   * run that waits for a person, a lock or another run and holds no container does not count; when
   * it goes on it queues again, before the runs that came later.
   *
   * @param runs at least one
   * @return this pipeline with the limit
   */
  public TriggeredPipeline atMost(int runs) {
    return with(new ConcurrencyNode(runs, node.concurrency().superseded(), Caller.location()));
  }

  /**
   * Cancels a run, also one that is queued, when a newer change of the same branch, tag or pull
   * request starts one. Runs that wait for a person or that a person let go on are spared, and so
   * are runs that a person or another pipeline has asked for.
   *
   * @return this pipeline with the rule
   */
  public TriggeredPipeline cancelSuperseded() {
    return with(
        new ConcurrencyNode(
            node.concurrency().atMost(), Superseded.CANCELLED, node.concurrency().location()));
  }

  /**
   * The same as {@link #cancelSuperseded()}, but spares no run for an approval it waits for or was
   * given.
   *
   * @return this pipeline with the rule
   */
  public TriggeredPipeline cancelSupersededEvenWaiting() {
    return with(
        new ConcurrencyNode(
            node.concurrency().atMost(),
            Superseded.CANCELLED_EVEN_WAITING,
            node.concurrency().location()));
  }

  private TriggeredPipeline with(ConcurrencyNode concurrency) {
    return new TriggeredPipeline(
        new PipelineNode(
            node.name(),
            node.triggers(),
            node.image(),
            node.resources(),
            node.env(),
            node.timeout(),
            concurrency,
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
            node.resources(),
            node.env(),
            node.timeout(),
            node.concurrency(),
            Nodes.of(first, rest),
            node.location()));
  }
}
