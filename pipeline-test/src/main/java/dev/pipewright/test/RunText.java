package dev.pipewright.test;

import dev.pipewright.engine.plan.PlannedStep;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Wait;
import dev.pipewright.test.play.Play;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A run as text, for the messages of assertions. */
final class RunText {
  private final Play.Played played;
  private final Account account;
  private final Set<StepPath> shown = new LinkedHashSet<>();
  private final StringBuilder text = new StringBuilder();

  private RunText(Play.Played played, Account account) {
    this.played = played;
    this.account = account;
  }

  static String of(Play.Played played, Account account) {
    return new RunText(played, account).write();
  }

  private String write() {
    RunEvent.RunFinished over = played.over();
    text.append("The run of '").append(played.planned().plan().pipeline()).append("' ");
    text.append(over == null ? "waits" : "is " + over.outcome() + reason(over.reason()));
    text.append(":\n");
    Steps.each(played.planned(), this::step);
    account.finished().keySet().stream().filter(path -> !shown.contains(path)).forEach(this::path);
    played.waits().forEach(wait -> text.append(words(wait)));
    return text.toString();
  }

  private void step(PlannedStep step) {
    if (step.path() != null) {
      path(step.path());
    }
  }

  private void path(StepPath path) {
    shown.add(path);
    RunEvent.StepFinished end = account.finished().get(path);
    String state =
        end != null
            ? end.outcome() + reason(end.reason())
            : account.began().contains(path) ? "begun" : "not begun";
    text.append("  ".repeat(path.names().size()))
        .append(path.name())
        .append("  ")
        .append(state)
        .append('\n');
  }

  private static String words(RunEvent.StepWaiting wait) {
    StepPath path = wait.path();
    String what = "It waits for '%s'".formatted(wait.what().forWhat());
    if (path == null || wait.what().kind() == Wait.Kind.LOCK) {
      return what + ".\n";
    }
    return switch (wait.what().kind()) {
      case APPROVAL -> what + "; answer with approve(\"%s\", by(\"somebody\")).%n".formatted(path);
      case UNKNOWN_END ->
          what + "; answer with happened(\"%s\") or doAgain(\"%1$s\").%n".formatted(path);
      case LOCK, RUN -> what + ".\n";
    };
  }

  private static String reason(@Nullable String reason) {
    return reason == null ? "" : " (" + reason + ")";
  }
}
