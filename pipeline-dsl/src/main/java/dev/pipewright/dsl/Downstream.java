package dev.pipewright.dsl;

import dev.pipewright.dsl.definition.StepNode;
import dev.pipewright.dsl.definition.Word;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** A run of another pipeline; see {@link Steps#trigger}. */
public final class Downstream implements Step {
  private final StepNode node;
  private final Word.Downstream word;

  private Downstream(StepNode node, Word.Downstream word) {
    this.node = node;
    this.word = word;
  }

  /** A run of {@code pipeline}, awaited, without parameters. */
  static Downstream of(String pipeline) {
    Word.Downstream word =
        new Word.Downstream("trigger " + pipeline, pipeline, Map.of(), Map.of(), true);
    return new Downstream(Nodes.make(word), word);
  }

  @Override
  public Downstream timeout(Duration limit) {
    return new Downstream(Nodes.timeout(node, limit), word);
  }

  @Override
  public Downstream allowFailure() {
    return new Downstream(Nodes.allowFailure(node), word);
  }

  @Override
  public Downstream onFailure(Step step) {
    return new Downstream(Nodes.onFailure(node, step), word);
  }

  @Override
  public Downstream ensure(Step step) {
    return new Downstream(Nodes.ensure(node, step), word);
  }

  /**
   * Names the step; without it the name is {@code trigger} and the pipeline.
   *
   * @param name the step's name
   * @return this step with the name
   */
  public Downstream named(String name) {
    return as(
        new Word.Downstream(
            name, word.pipeline(), word.parameters(), word.fromOutputs(), word.awaited()));
  }

  /**
   * Gives the other run a parameter. A second value for a name replaces the first.
   *
   * @param name the parameter's name
   * @param value its value
   * @return this step with the parameter
   */
  public Downstream parameter(String name, String value) {
    Map<String, String> parameters = new LinkedHashMap<>(word.parameters());
    Map<String, String> fromOutputs = new LinkedHashMap<>(word.fromOutputs());
    fromOutputs.remove(name);
    parameters.put(name, value);
    return as(
        new Word.Downstream(word.name(), word.pipeline(), parameters, fromOutputs, word.awaited()));
  }

  /**
   * Gives the other run what an earlier step left as a parameter. ERRORED if no step has set it.
   *
   * @param name the parameter's name
   * @param value the output that holds its value
   * @return this step with the parameter
   */
  public Downstream parameter(String name, Output<String> value) {
    Map<String, String> parameters = new LinkedHashMap<>(word.parameters());
    Map<String, String> fromOutputs = new LinkedHashMap<>(word.fromOutputs());
    parameters.remove(name);
    fromOutputs.put(name, value.name());
    return as(
        new Word.Downstream(word.name(), word.pipeline(), parameters, fromOutputs, word.awaited()));
  }

  /**
   * Does not wait for the other run: the step is SUCCEEDED once it is started.
   *
   * @return this step without the wait
   */
  public Downstream withoutWaiting() {
    return as(
        new Word.Downstream(
            word.name(), word.pipeline(), word.parameters(), word.fromOutputs(), false));
  }

  private Downstream as(Word.Downstream other) {
    return new Downstream(node.as(other), other);
  }

  StepNode node() {
    return node;
  }

  @Override
  public String toString() {
    return "Downstream " + word.pipeline() + " at " + node.location();
  }
}
