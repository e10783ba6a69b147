package dev.pipewright.dsl;

import dev.pipewright.dsl.definition.Modifier;
import dev.pipewright.dsl.definition.StepNode;
import dev.pipewright.dsl.definition.TriggerNode;
import dev.pipewright.dsl.definition.Word;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Turns what the words are given into the records the engine reads. */
final class Nodes {
  private Nodes() {}

  static <T> List<T> list(T first, T[] rest) {
    List<T> all = new ArrayList<>(rest.length + 1);
    all.add(first);
    Collections.addAll(all, rest);
    return all;
  }

  static List<StepNode> of(Step first, Step[] rest) {
    return list(first, rest).stream().map(Nodes::node).toList();
  }

  static StepNode node(Step step) {
    return switch (step) {
      case Task task -> task.node();
      case Group group -> group.node();
      case Parallel parallel -> parallel.node();
      case Approval approval -> approval.node();
      case Downstream downstream -> downstream.node();
    };
  }

  static TriggerNode node(Trigger trigger) {
    return switch (trigger) {
      case PushTrigger push -> push.node();
      case PullRequestTrigger pull -> pull.node();
      case PlainTrigger plain -> plain.node();
    };
  }

  static StepNode make(Word word) {
    return new StepNode(word, Caller.location());
  }

  static StepNode timeout(StepNode node, Duration limit) {
    return node.with(new Modifier.Timeout(limit, Caller.location()));
  }

  static StepNode attempts(StepNode node, int total, Duration backoff) {
    return node.with(new Modifier.Attempts(total, backoff, Caller.location()));
  }

  static StepNode allowFailure(StepNode node) {
    return node.with(new Modifier.AllowFailure(Caller.location()));
  }

  static StepNode onFailure(StepNode node, Step step) {
    return node.with(new Modifier.OnFailure(node(step), Caller.location()));
  }

  static StepNode ensure(StepNode node, Step step) {
    return node.with(new Modifier.Ensure(node(step), Caller.location()));
  }

  static StepNode env(StepNode node, String name, String value) {
    return node.with(new Modifier.Env(name, value, Caller.location()));
  }

  static StepNode locks(StepNode node, String lock) {
    return node.with(new Modifier.Locks(lock, Caller.location()));
  }
}
