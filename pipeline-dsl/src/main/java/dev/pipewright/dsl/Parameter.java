package dev.pipewright.dsl;

import dev.pipewright.dsl.definition.ParameterNode;
import dev.pipewright.dsl.definition.ParameterNode.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A typed value that the person who approves gives; see {@link Approval#takes}. Later steps read it
 * with {@link StepContext#get(Parameter)}. One without default must be given, also a choice: the
 * first choice is never taken silently. Immutable.
 *
 * <pre>{@code
 * static final Parameter<String> STAGE =
 *     Parameter.choice("stage", "canary", "half", "all").describedAs("how far").byDefault("canary");
 * }</pre>
 *
 * @param <T> the type of the value
 */
public final class Parameter<T> {
  private final ParameterNode node;
  private final Output<T> output;

  private Parameter(ParameterNode node, Output<T> output) {
    this.node = node;
    this.output = output;
  }

  /**
   * A parameter that takes any text of at most 10,000 characters.
   *
   * @param name letters, digits, dashes and underscores; unique in its approval
   * @return the parameter
   */
  public static Parameter<String> text(String name) {
    return new Parameter<>(node(name, Kind.TEXT, List.of()), Output.text(name));
  }

  /**
   * A parameter that takes one of some texts.
   *
   * @param name letters, digits, dashes and underscores; unique in its approval
   * @param first a choice
   * @param rest more choices, in the order they are shown
   * @return the parameter
   */
  public static Parameter<String> choice(String name, String first, String... rest) {
    return new Parameter<>(node(name, Kind.CHOICE, Nodes.list(first, rest)), Output.text(name));
  }

  /**
   * A parameter that takes yes or no.
   *
   * @param name letters, digits, dashes and underscores; unique in its approval
   * @return the parameter
   */
  public static Parameter<Boolean> bool(String name) {
    return new Parameter<>(node(name, Kind.BOOL, List.of()), Output.bool(name));
  }

  private static ParameterNode node(String name, Kind kind, List<String> choices) {
    return new ParameterNode(name, kind, "", choices, null);
  }

  /**
   * Says what the value is for.
   *
   * @param text a few words for the person who gives it
   * @return this parameter with the words
   */
  public Parameter<T> describedAs(String text) {
    return with(text, node.defaultValue());
  }

  /**
   * Says what is taken when nothing is given.
   *
   * @param value of a choice: one of the choices
   * @return this parameter with the default
   */
  public Parameter<T> byDefault(T value) {
    return with(node.description(), value.toString());
  }

  private Parameter<T> with(String description, @Nullable String defaultValue) {
    return new Parameter<>(
        new ParameterNode(node.name(), node.kind(), description, node.choices(), defaultValue),
        output);
  }

  /** {@return the name of this parameter, and of the output it becomes} */
  public String name() {
    return node.name();
  }

  ParameterNode node() {
    return node;
  }

  Output<T> output() {
    return output;
  }

  @Override
  public String toString() {
    return "Parameter " + name();
  }
}
