package dev.pipewright.spawner.inbox;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.api.ChangeKind;
import dev.pipewright.protocol.api.DeliveryWork;
import dev.pipewright.protocol.api.ManualStart;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.api.PullRequest;
import dev.pipewright.protocol.api.RefChange;
import dev.pipewright.protocol.api.VersionAnswer;
import dev.pipewright.protocol.run.Cause;
import dev.pipewright.protocol.run.Origin;
import dev.pipewright.protocol.run.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides which runs a change causes. Pure: the same delivery and the same pipelines give the same
 * runs with the same keys, however often it is asked.
 */
final class RunPlan {
  private RunPlan() {}

  /** The runs of a pushed ref or a pull request, with the pipelines of its own commit. */
  static Planned.Wanted of(DeliveryWork work, RefChange change, VersionAnswer answer) {
    return of(work, change, answer, answer);
  }

  /**
   * The same with the pipelines of another commit.
   *
   * @param at what was found of the commit of the change
   * @param code what the commit defines whose pipeline code is used
   */
  static Planned.Wanted of(
      DeliveryWork work, RefChange change, VersionAnswer at, VersionAnswer code) {
    Optional<String> fault = unfound(at).or(() -> fault(code));
    if (fault.isPresent()) {
      return Planned.Wanted.none(fault.get());
    }
    // Not every sender tells the message. What a merge queue waits for must not be left out.
    if (at.skip() != null && change.kind() != ChangeKind.MERGE_GROUP) {
      return Planned.Wanted.none("The commit message says " + at.skip() + ".");
    }
    // A tag may have named its tag object, and some senders name no commit in full.
    CommitId commit = at.commit() == null ? change.commit() : at.commit();
    if (commit == null) {
      return Planned.Wanted.none("The ref was not found in the repository.");
    }
    // What the forge says comes first; plain git says nothing, but the commit itself does.
    Cause cause =
        new Cause(
            change.kind().word(),
            change.by() == null ? at.author() : change.by(),
            change.message() == null ? at.subject() : change.message(),
            work.id());
    String key =
        String.join("|", work.source().value(), change.kind().word(), place(change)) + "|" + commit;
    Origin origin = Origins.with(Origins.of(change), code);
    List<NewRun> runs = new ArrayList<>();
    for (Plan plan : code.plans()) {
      if (TriggerMatch.starts(plan, change.kind(), change.ref(), code.changed())) {
        runs.add(
            run(
                work,
                key + "|" + plan.pipeline(),
                new At(change.ref(), commit, origin),
                cause,
                code,
                plan));
      }
    }
    return new Planned.Wanted(runs, runs.isEmpty() ? whyNone(change, code) : null);
  }

  private static String whyNone(RefChange change, VersionAnswer answer) {
    List<String> passedOver =
        answer.plans().stream()
            .filter(plan -> TriggerMatch.starts(plan, change.kind(), change.ref()))
            .map(plan -> plan.pipeline().value())
            .toList();
    return passedOver.isEmpty()
        ? "No pipeline of this commit is started by this change."
        : "This change is of files only that are passed over by: %s."
            .formatted(String.join(", ", passedOver));
  }

  /** The commit to compare with, if a pipeline asks which files have changed and it is known. */
  static Optional<CommitId> since(RefChange change, VersionAnswer answer) {
    boolean matters =
        answer.plans().stream()
            .anyMatch(plan -> TriggerMatch.dependsOnPaths(plan, change.kind(), change.ref()));
    PullRequest pull = change.pull();
    return matters
        ? Optional.ofNullable(pull == null ? change.before() : pull.base())
        : Optional.empty();
  }

  /** The ref, and the number of the pull request where the ref does not tell which one it is. */
  private static String place(RefChange change) {
    PullRequest pull = change.pull();
    return pull != null && change.ref().startsWith(Origins.HEADS)
        ? change.ref() + "|" + pull.number()
        : change.ref();
  }

  /** The run somebody asked for; asking twice gives two runs. */
  static Planned.Wanted ofManual(DeliveryWork work, ManualStart start, VersionAnswer answer) {
    return ofManual(work, start, answer, answer);
  }

  /** The same with the pipelines of another commit. */
  static Planned.Wanted ofManual(
      DeliveryWork work, ManualStart start, VersionAnswer at, VersionAnswer answer) {
    Optional<String> fault = unfound(at).or(() -> fault(answer));
    if (fault.isPresent()) {
      return Planned.Wanted.none(fault.get());
    }
    String ref = at.ref() == null ? start.ref() : at.ref();
    CommitId commit = at.commit();
    if (ref == null || commit == null) {
      return Planned.Wanted.none("The ref or the commit could not be found in the repository.");
    }
    Optional<Plan> plan =
        answer.plans().stream().filter(p -> p.pipeline().equals(start.pipeline())).findFirst();
    if (plan.isEmpty()) {
      return Planned.Wanted.none(
          "There is no pipeline '%s' at commit %s; there is: %s."
              .formatted(start.pipeline(), commit.abbreviated(), names(answer)));
    }
    boolean timed = start.cron() != null;
    ChangeKind kind = timed ? ChangeKind.CRON : ChangeKind.MANUAL;
    if (!TriggerMatch.starts(plan.get(), kind, ref)) {
      return Planned.Wanted.none(
          timed
              ? "The pipeline '%s' is not started by cron any more.".formatted(start.pipeline())
              : "The pipeline '%s' is not started by hand: add manually() to its startedBy(...)."
                  .formatted(start.pipeline()));
    }
    String word = kind.word();
    String message = timed ? start.cron() : at.subject();
    Cause cause = new Cause(word, start.by(), message, work.id());
    Origin origin = Origins.with(Origins.of(start), answer);
    String key = String.join("|", work.source().value(), word, start.pipeline().value(), work.id());
    return new Planned.Wanted(
        List.of(run(work, key, new At(ref, commit, origin), cause, answer, plan.get())), null);
  }

  private record At(String ref, CommitId commit, Origin origin) {}

  private static String names(VersionAnswer answer) {
    return String.join(", ", answer.plans().stream().map(p -> p.pipeline().value()).toList());
  }

  private static Optional<String> fault(VersionAnswer code) {
    return unfound(code)
        .or(
            () ->
                code.plans().isEmpty()
                    ? Optional.of("The commit holds no pipeline code.")
                    : Optional.empty());
  }

  private static Optional<String> unfound(VersionAnswer answer) {
    return switch (answer.state()) {
      case PENDING -> Optional.of("The pipeline code was not built in time.");
      case FAILED, ABSENT, UNAVAILABLE ->
          Optional.of(answer.reason() == null ? "The pipeline code failed." : answer.reason());
      case READY -> Optional.empty();
    };
  }

  private static NewRun run(
      DeliveryWork work, String key, At at, Cause cause, VersionAnswer answer, Plan plan) {
    String version = answer.versionKey();
    BlobDigest bundle = answer.bundle();
    if (version == null || bundle == null) {
      throw new IllegalArgumentException("A version that is READY has a key and a bundle.");
    }
    return new NewRun(
        key,
        work.source(),
        at.ref(),
        at.commit(),
        cause,
        version,
        bundle,
        plan,
        work.parameters(),
        null,
        false,
        null,
        at.origin());
  }
}
