package dev.pipewright.dsl.definition;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Finds what is wrong with parameters, of approvals and of runs that are started. */
final class ParameterCheck {
  private static final int LONGEST = 10_000;

  private ParameterCheck() {}

  /** Everything that is wrong with what an approval asks for, in words. */
  static List<String> problems(Word.Approval approval) {
    List<String> problems = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (ParameterNode parameter : approval.parameters()) {
      String problem = Texts.parameterName(parameter.name());
      if (problem != null) {
        problems.add(problem);
      }
      if (!names.add(parameter.name())) {
        problems.add(
            "The parameter '%s' is asked for twice. Remove one of them, or name it otherwise."
                .formatted(Texts.shown(parameter.name())));
      }
      problems.addAll(values(parameter));
    }
    return problems;
  }

  private static List<String> values(ParameterNode parameter) {
    List<String> problems = new ArrayList<>();
    String name = Texts.shown(parameter.name());
    Set<String> seen = new HashSet<>();
    for (String choice : parameter.choices()) {
      if (choice.isBlank()) {
        problems.add("A choice of the parameter '%s' is empty.".formatted(name));
      } else if (!seen.add(choice)) {
        problems.add(
            "The parameter '%s' has the choice '%s' twice.".formatted(name, Texts.shown(choice)));
      }
    }
    String value = parameter.defaultValue();
    if (value == null) {
      return problems;
    }
    if (parameter.kind() == ParameterNode.Kind.CHOICE && !parameter.choices().contains(value)) {
      problems.add(
          "The default '%s' of the parameter '%s' is not one of its choices: %s."
              .formatted(Texts.shown(value), name, String.join(", ", parameter.choices())));
    }
    if (value.length() > LONGEST) {
      problems.add(
          "The default of the parameter '%s' has more than %,d characters."
              .formatted(name, LONGEST));
    }
    return problems;
  }

  /** Everything that is wrong with what a run of another pipeline is started with, in words. */
  static List<String> problems(Word.Downstream downstream) {
    List<String> problems = new ArrayList<>();
    Set<String> names = new TreeSet<>(downstream.parameters().keySet());
    names.addAll(downstream.fromOutputs().keySet());
    for (String name : names) {
      String problem = Texts.parameterName(name);
      if (problem != null) {
        problems.add(problem);
      }
    }
    downstream
        .parameters()
        .forEach(
            (name, value) -> {
              if (value.length() > LONGEST) {
                problems.add(
                    "The value of the parameter '%s' has more than %,d characters."
                        .formatted(Texts.shown(name), LONGEST));
              }
            });
    return problems;
  }
}
