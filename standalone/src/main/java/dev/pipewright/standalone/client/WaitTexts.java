package dev.pipewright.standalone.client;

import dev.pipewright.protocol.run.OpenWait;
import dev.pipewright.protocol.run.ParameterSpec;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.Wait;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a run waits for, as text for terminals: what, who may answer, until when, and how. */
public final class WaitTexts {
  private WaitTexts() {}

  static List<String> lines(RunSnapshot run, OpenWait wait) {
    Wait what = wait.what();
    List<String> lines = new ArrayList<>();
    lines.add(name(wait) + " waits " + forWhat(what) + " since " + Texts.time(wait.since()));
    details(what).forEach(line -> lines.add("  " + line));
    if (isForCommit(wait)) {
      lines.add("  pipewright approve " + quoted(run.id().toString()));
      lines.add("  pipewright reject " + quoted(run.id().toString()));
    } else if (what.isForPeople() && wait.path() != null) {
      String target =
          "%s %s%s"
              .formatted(quoted(run.id().toString()), quoted(wait.path().value()), given(what));
      lines.add("  pipewright approve " + target);
      if (what.kind() == Wait.Kind.APPROVAL) {
        lines.add(
            "  pipewright reject %s %s"
                .formatted(quoted(run.id().toString()), quoted(wait.path().value())));
      }
    }
    return lines;
  }

  /** True if the run is held until a person approves its commit: no step asks for that. */
  static boolean isForCommit(OpenWait wait) {
    return wait.path() == null && wait.what().kind() == Wait.Kind.APPROVAL;
  }

  /** What waits: a step, or something in a run that has no path. */
  static String name(OpenWait wait) {
    return Texts.line(wait.path() == null ? wait.key() : wait.path().value(), 200);
  }

  /** Who may answer, until when, and with which parameters; a line each. */
  public static List<String> details(Wait what) {
    List<String> lines = new ArrayList<>();
    if (!what.approvers().isEmpty()) {
      lines.add("may answer: " + Texts.line(String.join(", ", what.approvers()), 300));
    }
    if (what.until() != null) {
      lines.add("until:      " + Texts.time(what.until()));
    }
    what.parameters().forEach(spec -> lines.add("takes:      " + ParameterQuestions.line(spec)));
    return lines;
  }

  /** What is awaited, such as {@code for approval: Ship it?}. */
  public static String forWhat(Wait what) {
    String text = Texts.line(what.forWhat(), 300);
    return switch (what.kind()) {
      case APPROVAL -> text.isBlank() ? "for approval" : "for approval: " + text;
      case UNKNOWN_END -> "to be told how it ended: " + text;
      case LOCK -> "for the lock " + text;
      case RUN -> "for the pipeline " + text;
    };
  }

  /** The options for the parameters that must be given. */
  public static String given(Wait what) {
    return what.parameters().stream()
        .filter(spec -> spec.defaultValue() == null)
        .map(spec -> " -p " + quoted(spec.name() + "=" + example(spec)))
        .collect(Collectors.joining());
  }

  private static String example(ParameterSpec spec) {
    return switch (spec.kind()) {
      case TEXT -> "…";
      case CHOICE -> first(spec.choices());
      case BOOL -> "true";
    };
  }

  private static String first(List<String> choices) {
    return choices.isEmpty() ? "…" : choices.getFirst();
  }

  /** Text as one word of a shell command. */
  public static String quoted(@Nullable String text) {
    String plain = Texts.line(text, 300);
    return plain.matches("[A-Za-z0-9_./=:…-]+") ? plain : "'" + plain.replace("'", "'\\''") + "'";
  }
}
