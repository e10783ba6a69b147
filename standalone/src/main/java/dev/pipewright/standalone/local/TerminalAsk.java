package dev.pipewright.standalone.local;

import dev.pipewright.engine.local.LocalAsk;
import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.protocol.run.Answer;
import dev.pipewright.protocol.run.OpenWait;
import dev.pipewright.protocol.run.ParameterSpec;
import dev.pipewright.protocol.run.Wait;
import dev.pipewright.standalone.CommandException;
import dev.pipewright.standalone.client.ParameterQuestions;
import dev.pipewright.standalone.client.Texts;
import dev.pipewright.standalone.client.WaitTexts;
import java.io.PrintStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers what a local run waits for: first with what the command line says, then, if there is a
 * terminal, by asking the person at it. Confined to the thread of the run.
 */
final class TerminalAsk implements LocalAsk {
  private static final int INTERRUPTED = 130;

  private final Decisions decisions;
  private final Dialog dialog;
  private final Cancellation cancellation;
  private final InstantSource clock;
  private final Set<String> unused = new TreeSet<>();
  private final Set<String> taken = new TreeSet<>();

  /**
   * What the command line says.
   *
   * @param approved steps to approve
   * @param rejected steps to reject
   * @param values what parameters of approvals are
   * @param onlyForThem false if the values may be parameters of the run just as well, of which any
   *     name is one
   * @param by who says it
   */
  record Decisions(
      List<String> approved,
      List<String> rejected,
      Map<String, String> values,
      boolean onlyForThem,
      String by) {}

  /**
   * The person at the terminal.
   *
   * @param ask shows a question and returns the typed line; null without a terminal
   * @param out what is shown before the questions
   * @param before called before the first question, such as to stop a drawing
   * @param after called after the last answer
   */
  record Dialog(
      @Nullable Function<String, String> ask, PrintStream out, Runnable before, Runnable after) {}

  TerminalAsk(Decisions decisions, Dialog dialog, Cancellation cancellation, InstantSource clock) {
    this.decisions = decisions;
    this.dialog = dialog;
    this.cancellation = cancellation;
    this.clock = clock;
    unused.addAll(decisions.approved());
    unused.addAll(decisions.rejected());
  }

  @Override
  public List<Answer> answer(List<OpenWait> waits) {
    List<Answer> answers = new ArrayList<>();
    for (OpenWait wait : waits) {
      Answer given = given(wait);
      if (given != null) {
        answers.add(given);
      }
    }
    Function<String, String> ask = dialog.ask();
    if (!answers.isEmpty() || ask == null) {
      return answers;
    }
    dialog.before().run();
    try {
      return List.of(asked(waits.getFirst(), question -> line(ask, question)));
    } catch (CommandException e) {
      cancellation.cancel("interrupted");
      return List.of();
    } finally {
      dialog.after().run();
    }
  }

  /** Steps the command line names that have not waited for a person so far. */
  Set<String> unused() {
    return unused;
  }

  private @Nullable Answer given(OpenWait wait) {
    String path = wait.path() == null ? wait.key() : wait.path().value();
    boolean approved = decisions.approved().contains(path);
    if (!approved && !decisions.rejected().contains(path)) {
      return null;
    }
    unused.remove(path);
    List<ParameterSpec> specs = wait.what().parameters();
    Map<String, String> known = new HashMap<>(decisions.values());
    List<String> names = specs.stream().map(ParameterSpec::name).toList();
    taken.addAll(names);
    // A name that is none here may be one of a decision whose turn has not come.
    boolean all = decisions.onlyForThem() && unused.isEmpty();
    known.keySet().removeIf(name -> !names.contains(name) && (!all || taken.contains(name)));
    if (approved) {
      List<String> problems = ParameterQuestions.problems(specs, known);
      if (!problems.isEmpty()) {
        throw new CommandException(
            "Could not approve " + path + ":\n  " + String.join("\n  ", problems), 2);
      }
    }
    return answer(wait, approved, ParameterQuestions.withDefaults(specs, known), null);
  }

  /** A line of the person; a cancel ends the wait for it, though nothing was typed. */
  private String line(Function<String, String> ask, String question) {
    BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();
    Thread.ofPlatform().daemon().name("question").start(() -> lines.add(typed(ask, question)));
    try (Cancellation.Registration _ = cancellation.onCancel(() -> lines.add(Optional.empty()))) {
      return lines.take().orElseThrow(() -> new CommandException("interrupted", INTERRUPTED));
    } catch (InterruptedException e) {
      throw new CommandException("interrupted", INTERRUPTED);
    }
  }

  private static Optional<String> typed(Function<String, String> ask, String question) {
    try {
      return Optional.of(ask.apply(question));
    } catch (CommandException e) {
      return Optional.empty();
    }
  }

  private Answer asked(OpenWait wait, Function<String, String> ask) {
    Wait what = wait.what();
    String path = wait.path() == null ? wait.key() : wait.path().value();
    dialog.out().println();
    dialog.out().println(Texts.line(path, 200) + " waits " + WaitTexts.forWhat(what));
    WaitTexts.details(what).forEach(line -> dialog.out().println("  " + line));
    if (what.kind() == Wait.Kind.UNKNOWN_END) {
      Map<String, String> values =
          ParameterQuestions.complete(what.parameters(), Map.of(), _ -> true, ask);
      return answer(wait, true, values, null);
    }
    while (true) {
      switch (ask.apply("Approve, or reject with a reason? [approve/reject ...]: ")) {
        case "approve", "a", "yes", "y" -> {
          Map<String, String> values =
              ParameterQuestions.complete(what.parameters(), Map.of(), _ -> true, ask);
          return answer(wait, true, values, null);
        }
        case String text when text.matches("(reject|r|no|n)( .*)?") -> {
          String reason = text.contains(" ") ? text.substring(text.indexOf(' ') + 1).strip() : "";
          return answer(wait, false, Map.of(), reason.isEmpty() ? null : reason);
        }
        default -> dialog.out().println("Type 'approve', or 'reject' and why.");
      }
    }
  }

  private Answer answer(
      OpenWait wait, boolean approved, Map<String, String> values, @Nullable String note) {
    Instant now = clock.instant();
    Instant until = wait.what().until();
    if (until != null && !until.isAfter(now)) {
      return new Answer(wait.key(), Answer.Verdict.EXPIRED, null, null, until, Map.of());
    }
    return new Answer(
        wait.key(),
        approved ? Answer.Verdict.APPROVED : Answer.Verdict.REJECTED,
        Objects.requireNonNullElse(decisions.by(), "somebody"),
        note,
        now,
        values);
  }
}
