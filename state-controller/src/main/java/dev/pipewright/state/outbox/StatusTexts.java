package dev.pipewright.state.outbox;

import dev.pipewright.protocol.api.ChangeKind;
import dev.pipewright.protocol.api.CommitStatus;
import dev.pipewright.protocol.api.StatusState;
import dev.pipewright.protocol.run.OpenWait;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.StepSnapshot;
import dev.pipewright.state.Limits;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says in a few words where a run stands. Pure. */
public final class StatusTexts {
  private static final int LONGEST = 140;
  private static final String PREFIX = "pipewright/";

  private StatusTexts() {}

  /** The status of the commit of {@code run}, which is shown below {@code publicUrl}. */
  public static CommitStatus of(RunSnapshot run, URI publicUrl) {
    return new CommitStatus(
        state(run),
        run.id(),
        run.commit(),
        run.ref(),
        context(run),
        Limits.shorten(line(description(run)), LONGEST),
        url(run, publicUrl));
  }

  /** Where browsers find the run. */
  static URI url(RunSnapshot run, URI publicUrl) {
    String server = publicUrl.toString();
    String plain = server.endsWith("/") ? server.substring(0, server.length() - 1) : server;
    return URI.create(plain + "/runs/" + run.id().urlSegment());
  }

  /**
   * The name of the status. Runs of pull requests have their own: the same commit may be on a
   * branch, and what a stranger's pull request did must not pass for what the branch did. A merge
   * queue waits for the checks its pull requests need, under the same name.
   */
  private static String context(RunSnapshot run) {
    String kind = run.cause().kind();
    boolean pull =
        kind.equals(ChangeKind.PULL_REQUEST.word()) || kind.equals(ChangeKind.MERGE_GROUP.word());
    return PREFIX + run.pipeline() + (pull ? "/pull-request" : "");
  }

  private static StatusState state(RunSnapshot run) {
    return switch (run.state()) {
      case PENDING, QUEUED -> StatusState.QUEUED;
      case RUNNING -> StatusState.RUNNING;
      case WAITING -> StatusState.WAITING;
      case FINISHED -> ended(run.outcome());
    };
  }

  private static StatusState ended(@Nullable Outcome outcome) {
    return switch (outcome) {
      case SUCCEEDED, SKIPPED -> StatusState.SUCCEEDED;
      case FAILED, TIMED_OUT -> StatusState.FAILED;
      case CANCELLED -> StatusState.CANCELLED;
      case ERRORED -> StatusState.ERRORED;
      case null -> throw new IllegalArgumentException("A finished run has an outcome.");
    };
  }

  /** Where the run stands, in a few words. */
  static String description(RunSnapshot run) {
    Outcome outcome = run.outcome();
    if (outcome != null) {
      return ended(run, outcome);
    }
    Optional<OpenWait> asked =
        run.waits().stream().filter(wait -> wait.what().isForPeople()).findFirst();
    return switch (run.state()) {
      case WAITING ->
          asked
              .or(() -> run.waits().stream().findFirst())
              .map(StatusTexts::waiting)
              .orElse("Waiting");
      case RUNNING -> asked.map(wait -> "Running; " + uncapped(waiting(wait))).orElse("Running");
      default -> run.attempt() == 1 ? "Queued" : "Queued, attempt " + run.attempt();
    };
  }

  private static String uncapped(String text) {
    return text.substring(0, 1).toLowerCase(java.util.Locale.ROOT) + text.substring(1);
  }

  /** What a wait waits for. */
  static String waiting(OpenWait wait) {
    String where = wait.path() == null ? wait.what().forWhat() : wait.path().value();
    return switch (wait.what().kind()) {
      case APPROVAL -> "Waiting for approval: " + where;
      case UNKNOWN_END -> "Waiting for an answer, did it happen: " + where;
      case LOCK -> "Waiting for the lock " + wait.what().forWhat();
      case RUN -> "Waiting for " + wait.what().forWhat();
    };
  }

  private static String ended(RunSnapshot run, Outcome outcome) {
    return switch (outcome) {
      case SUCCEEDED -> "Succeeded" + took(run);
      case SKIPPED -> "Nothing was to be done";
      case FAILED -> "Failed" + guilty(run, Outcome.FAILED).orElseGet(() -> because(run));
      case TIMED_OUT -> "Timed out" + guilty(run, Outcome.TIMED_OUT).orElseGet(() -> because(run));
      case ERRORED -> "Could not be run" + because(run);
      case CANCELLED ->
          "Cancelled" + (run.cancelRequestedBy() == null ? "" : " by " + run.cancelRequestedBy());
    };
  }

  private static String took(RunSnapshot run) {
    Instant from = run.startedAt();
    Instant to = run.finishedAt();
    if (from == null || to == null) {
      return "";
    }
    Duration time = Duration.between(from, to);
    return time.toMinutes() == 0
        ? " in %d s".formatted(Math.max(0, time.toSeconds()))
        : " in %d min %d s".formatted(time.toMinutes(), time.toSecondsPart());
  }

  private static String because(RunSnapshot run) {
    String reason = run.reason();
    return reason == null || reason.isBlank() ? "" : ": " + reason.strip();
  }

  /** The first step that ended so by itself, and not through a step inside it. */
  private static Optional<String> guilty(RunSnapshot run, Outcome outcome) {
    List<StepSnapshot> steps =
        run.steps().stream().filter(step -> step.outcome() == outcome).toList();
    return steps.stream()
        .filter(step -> run.steps().stream().noneMatch(other -> forgives(other, step)))
        .filter(step -> steps.stream().noneMatch(other -> contains(step, other)))
        .min(Comparator.comparing(StatusTexts::end))
        .map(step -> " in " + step.path());
  }

  private static boolean forgives(StepSnapshot other, StepSnapshot step) {
    return other.allowFailure() && (other.path().equals(step.path()) || contains(other, step));
  }

  private static boolean contains(StepSnapshot outer, StepSnapshot inner) {
    return inner.path().value().startsWith(outer.path().value() + "/");
  }

  private static Instant end(StepSnapshot step) {
    Instant at = step.finishedAt();
    return at == null ? Instant.MAX : at;
  }

  private static String line(String text) {
    return text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
  }
}
