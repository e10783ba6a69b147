package dev.pipewright.dsl;

import dev.pipewright.dsl.definition.ParameterNode;
import dev.pipewright.dsl.definition.StepNode;
import dev.pipewright.dsl.definition.Word;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A wait for a person, who approves or rejects. */
public final class Approval implements Step {
  private final StepNode node;

  Approval(StepNode node) {
    this.node = node;
  }

  @Override
  public Approval timeout(Duration limit) {
    return new Approval(Nodes.timeout(node, limit));
  }

  @Override
  public Approval allowFailure() {
    return new Approval(Nodes.allowFailure(node));
  }

  @Override
  public Approval onFailure(Step step) {
    return new Approval(Nodes.onFailure(node, step));
  }

  @Override
  public Approval ensure(Step step) {
    return new Approval(Nodes.ensure(node, step));
  }

  /**
   * Says what the person is asked.
   *
   * @param question a sentence
   * @return this approval with the question
   */
  public Approval asks(String question) {
    return node.word() instanceof Word.Approval word
        ? new Approval(
            node.as(
                new Word.Approval(
                    word.name(), question, word.approvers(), word.within(), word.parameters())))
        : this;
  }

  /**
   * Says who may answer; without it anybody who may write.
   *
   * @param first a group or a person
   * @param rest more of them
   * @return this approval with the approvers
   */
  public Approval by(String first, String... rest) {
    List<String> approvers = Nodes.list(first, rest);
    return node.word() instanceof Word.Approval word
        ? new Approval(
            node.as(
                new Word.Approval(
                    word.name(), word.question(), approvers, word.within(), word.parameters())))
        : this;
  }

  /**
   * Limits how long the answer may take; after that the step is TIMED_OUT.
   *
   * @param limit longer than nothing
   * @return this approval with the limit
   */
  public Approval within(Duration limit) {
    return node.word() instanceof Word.Approval word
        ? new Approval(
            node.as(
                new Word.Approval(
                    word.name(), word.question(), word.approvers(), limit, word.parameters())))
        : this;
  }

  /**
   * Asks the person who approves for values. They become outputs of this step: later steps read
   * them with {@link StepContext#get(Parameter)}, conditions with {@link
   * RunFacts#output(Parameter)}. An approval with a missing or wrong value is refused; a rejection
   * needs none.
   *
   * @param first a parameter
   * @param rest more parameters, in the order they are shown
   * @return this approval with the parameters
   */
  public Approval takes(Parameter<?> first, Parameter<?>... rest) {
    if (!(node.word() instanceof Word.Approval word)) {
      return this;
    }
    List<ParameterNode> parameters = new ArrayList<>(word.parameters());
    Nodes.list(first, rest).forEach(each -> parameters.add(each.node()));
    return new Approval(
        node.as(
            new Word.Approval(
                word.name(), word.question(), word.approvers(), word.within(), parameters)));
  }

  StepNode node() {
    return node;
  }

  @Override
  public String toString() {
    return "Approval " + node.word().keyword() + " at " + node.location();
  }
}
