package dev.pipewright.spawner.inbox;

import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.DeliveryWork;
import dev.pipewright.protocol.api.ManualStart;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.RefChange;
import dev.pipewright.protocol.api.VersionAnswer;
import dev.pipewright.protocol.api.VersionRequest;
import dev.pipewright.protocol.client.WorkClient;
import dev.pipewright.protocol.run.Origin;
import dev.pipewright.protocol.run.Trust;
import dev.pipewright.spawner.retry.Retries;
import java.time.Duration;
import java.util.Optional;

/**
 * Turns a claimed delivery into runs: asks for the pipelines of each changed commit, which may take
 * as long as building them, and queues a run for each pipeline that wants the change. What goes
 * wrong with one change does not keep the others from running. Of a commit that anybody may have
 * made nothing is built: its runs use the pipelines of the base branch. Thread-safe, blocking.
 */
final class Planner {
  /** No longer than a hold is kept for between two renewals. */
  private static final Duration POLL = Duration.ofSeconds(8);

  private static final Duration SHORT = Duration.ofMillis(250);

  /** The run that builds code waits in the queue like any other: a long queue loses no commit. */
  private static final Duration LONGEST_BUILD = Duration.ofDays(1);

  private final WorkClient client;

  Planner(WorkClient client) {
    this.client = client;
  }

  /**
   * Does all that can be done now.
   *
   * @throws ApiException FENCED if the delivery was given to somebody else
   */
  Planned plan(DeliveryWork work) throws InterruptedException {
    Planned planned = new Planned();
    ManualStart manual = work.manual();
    if (manual != null) {
      planManual(work, manual, planned);
      return planned;
    }
    Hold hold = new Hold(client, work);
    for (RefChange change : work.changes()) {
      try {
        hold.keep();
        Origin origin = Origins.of(change);
        boolean foreign = origin.trust() == Trust.FOREIGN;
        VersionAnswer at =
            resolve(
                hold,
                new VersionRequest(work.source(), change.ref(), change.commit(), foreign, null));
        planned.count(at);
        boolean other = foreign && at.state() == VersionAnswer.State.READY;
        VersionAnswer code = other ? head(hold, work, origin, planned) : at;
        VersionAnswer compared = compared(hold, work, change, at, code);
        create(RunPlan.of(work, change, at, compared), change.ref(), planned);
      } catch (ApiException | IllegalArgumentException e) {
        planned.failure(change.ref(), messageUnlessFenced(e));
      }
    }
    return planned;
  }

  /** What the pipelines are, with the changed files if one of them asks for those. */
  private VersionAnswer compared(
      Hold hold, DeliveryWork work, RefChange change, VersionAnswer at, VersionAnswer code)
      throws InterruptedException {
    Optional<CommitId> since = RunPlan.since(change, code);
    if (since.isEmpty()) {
      return code;
    }
    VersionAnswer files =
        resolve(
            hold, new VersionRequest(work.source(), change.ref(), at.commit(), true, since.get()));
    return code.changing(files.changed());
  }

  private void planManual(DeliveryWork work, ManualStart start, Planned planned)
      throws InterruptedException {
    try {
      String commit = start.commit();
      CommitId wanted = commit == null ? null : new CommitId(commit);
      Origin origin = Origins.of(start);
      boolean foreign = origin.trust() == Trust.FOREIGN;
      Hold hold = new Hold(client, work);
      VersionAnswer at =
          resolve(hold, new VersionRequest(work.source(), start.ref(), wanted, foreign, null));
      planned.count(at);
      if (foreign && at.state() == VersionAnswer.State.READY) {
        VersionAnswer code = head(hold, work, origin, planned);
        create(RunPlan.ofManual(work, start, at, code), "", planned);
      } else {
        create(RunPlan.ofManual(work, start, at), "", planned);
      }
    } catch (ApiException | IllegalArgumentException e) {
      planned.failure("", messageUnlessFenced(e));
    }
  }

  private void create(Planned.Wanted wanted, String ref, Planned planned)
      throws InterruptedException {
    for (NewRun run : wanted.runs()) {
      planned.run(Retries.untilAnswered("create run", () -> client.create(run)).id());
    }
    if (wanted.problem() != null) {
      planned.problem(ref, wanted.problem());
    }
  }

  /** The pipelines of the branch whose pipeline code is used for a commit of this origin. */
  private VersionAnswer head(Hold hold, DeliveryWork work, Origin origin, Planned planned)
      throws InterruptedException {
    VersionAnswer code = resolve(hold, new VersionRequest(work.source(), origin.codeRef(), null));
    planned.count(code);
    return code;
  }

  private VersionAnswer resolve(Hold hold, VersionRequest request) throws InterruptedException {
    long deadline = System.nanoTime() + LONGEST_BUILD.toNanos();
    while (true) {
      hold.keep();
      long asked = System.nanoTime();
      VersionAnswer answer =
          Retries.untilAnswered("resolve version", () -> client.resolveVersion(request, POLL));
      if (answer.state() != VersionAnswer.State.PENDING || System.nanoTime() > deadline) {
        return answer;
      }
      if (System.nanoTime() - asked < SHORT.toNanos()) {
        Retries.pause(SHORT);
      }
    }
  }

  /** A delivery that was given to somebody else is theirs altogether. */
  private static String messageUnlessFenced(RuntimeException fault) {
    if (fault instanceof ApiException problem && problem.is(Problem.Code.FENCED)) {
      throw problem;
    }
    return fault.getMessage() == null ? fault.toString() : fault.getMessage();
  }
}
