package dev.pipewright.standalone.client;

import dev.pipewright.protocol.run.ParameterSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The values of parameters: given on the command line, asked for, or taken from their defaults. */
public final class ParameterQuestions {
  private ParameterQuestions() {}

  /**
   * Everything that is wrong with given values: unknown names, values of the wrong kind, and values
   * that are missing; empty if they may be used as they are.
   */
  public static List<String> problems(List<ParameterSpec> specs, Map<String, String> given) {
    List<String> problems = new ArrayList<>();
    List<String> names = specs.stream().map(ParameterSpec::name).toList();
    for (String name : given.keySet()) {
      if (!names.contains(name)) {
        problems.add(
            "There is no parameter '%s'. There is %s."
                .formatted(name, names.isEmpty() ? "none" : String.join(", ", names)));
      }
    }
    for (ParameterSpec spec : specs) {
      String value = given.getOrDefault(spec.name(), spec.defaultValue());
      String problem =
          value == null ? "'%s' must be given.".formatted(spec.name()) : spec.problem(value);
      if (problem != null) {
        problems.add(problem);
      }
    }
    return problems;
  }

  /** Given values and, for parameters that were not given, their defaults. */
  public static Map<String, String> withDefaults(
      List<ParameterSpec> specs, Map<String, String> given) {
    Map<String, String> values = new LinkedHashMap<>();
    for (ParameterSpec spec : specs) {
      String value = given.getOrDefault(spec.name(), spec.defaultValue());
      if (value != null) {
        values.put(spec.name(), value);
      }
    }
    return values;
  }

  /**
   * Asks for every value that is not given, until each can be used. An empty line takes the
   * default.
   *
   * @param wanted which of the missing ones to ask for, such as only those without a default
   * @param ask shows a question and returns the line that was typed
   */
  public static Map<String, String> complete(
      List<ParameterSpec> specs,
      Map<String, String> given,
      Predicate<ParameterSpec> wanted,
      Function<String, String> ask) {
    Map<String, String> values = new LinkedHashMap<>(given);
    for (ParameterSpec spec : specs) {
      if (!values.containsKey(spec.name()) && wanted.test(spec)) {
        values.put(spec.name(), answer(spec, ask));
      }
    }
    return values;
  }

  private static String answer(ParameterSpec spec, Function<String, String> ask) {
    String question = question(spec);
    while (true) {
      String typed = ask.apply(question);
      String value = typed.isEmpty() ? spec.defaultValue() : plain(spec, typed);
      String problem = value == null ? "A value is needed." : spec.problem(value);
      if (value != null && problem == null) {
        return value;
      }
      question = problem + " " + question(spec);
    }
  }

  private static String plain(ParameterSpec spec, String typed) {
    if (spec.kind() == ParameterSpec.Kind.BOOL) {
      return switch (typed) {
        case "y", "yes" -> "true";
        case "n", "no" -> "false";
        default -> typed;
      };
    }
    return typed;
  }

  private static String question(ParameterSpec spec) {
    return "%s (%s%s): "
        .formatted(
            described(spec.name(), spec.description()),
            allowed(spec),
            spec.defaultValue() == null ? "" : ", default " + Texts.line(spec.defaultValue(), 60));
  }

  /** One parameter in words, as lists of waits show it. */
  static String line(ParameterSpec spec) {
    return "%s (%s, %s)"
        .formatted(
            described(spec.name(), spec.description()),
            allowed(spec),
            byDefault(spec.defaultValue()));
  }

  private static String byDefault(@Nullable String value) {
    return value == null ? "must be given" : "default " + Texts.line(value, 60);
  }

  private static String described(String name, String description) {
    String plain = Texts.line(name, 60);
    return description.isBlank() ? plain : plain + ", " + Texts.line(description, 200);
  }

  private static String allowed(ParameterSpec spec) {
    return switch (spec.kind()) {
      case TEXT -> "text";
      case CHOICE -> "one of " + Texts.line(String.join(", ", spec.choices()), 300);
      case BOOL -> "true or false";
    };
  }
}
