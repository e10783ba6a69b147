package dev.pipewright.state;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Decision;
import dev.pipewright.protocol.api.ForeignPolicy;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.run.CommitApproval;
import dev.pipewright.protocol.run.OpenWait;
import dev.pipewright.protocol.run.Origin;
import dev.pipewright.protocol.run.Trust;
import dev.pipewright.protocol.run.Wait;
import dev.pipewright.state.store.Shelf;
import dev.pipewright.state.store.Storage;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who vouches for commits that anybody may have made. An approval is for one commit of one pull
 * request of one source to one branch, whose pipelines it was given to: it lets every run of that
 * commit begin, those that are held and those to come, and no run of any other. It is written
 * before the first run is let go; what a crash leaves held in between is let go by the sweep.
 * Thread-safe.
 */
public final class CommitApprovals implements RunListener {
  private static final Logger log = LoggerFactory.getLogger(CommitApprovals.class);
  private static final int LONGEST_NOTE = 400;

  /** The key of the wait of a held run; it belongs to no step. */
  static final String KEY = "commit";

  private final Shelf<CommitApproval> shelf;
  private final RunBook book;
  private final Sources sources;
  private final ChangeOrder changes;
  private final InstantSource clock;

  CommitApprovals(
      Storage storage, RunBook book, Sources sources, ChangeOrder changes, InstantSource clock) {
    this.shelf = storage.shelf("commitApprovals", CommitApproval.class);
    this.book = book;
    this.sources = sources;
    this.changes = changes;
    this.clock = clock;
  }

  private static String id(NewRun order) {
    Origin origin = order.origin();
    return "%s|%s|%s|%s".formatted(order.source(), origin.pull(), order.commit(), origin.codeRef());
  }

  private static boolean isSameCommit(NewRun one, NewRun other) {
    return id(one).equals(id(other));
  }

  /**
   * A run with what is known of its commit, whatever the order says of that itself.
   *
   * @throws ApiException CONFLICT if its source takes no such commits
   */
  NewRun admitted(NewRun order) {
    Origin origin = order.origin();
    if (origin.trust() != Trust.FOREIGN) {
      return order.with(origin.approved(null));
    }
    if (policy(order.source()) == ForeignPolicy.IGNORE) {
      throw new ApiException(
          Problem.Code.CONFLICT,
          "The source %s ignores commits from outside the repository.".formatted(order.source()),
          "Register it with --foreign hold to let maintainers approve them.");
    }
    return order.with(origin.approved(shelf.find(id(order)).map(Shelf.Held::value).orElse(null)));
  }

  private ForeignPolicy policy(SourceName source) {
    return sources.view(source).foreign();
  }

  /** What an admitted run waits for before it may begin; null if for nothing. */
  @Nullable OpenWait hold(NewRun order) {
    if (order.origin().isVouchedFor() || policy(order.source()) == ForeignPolicy.RUN) {
      return null;
    }
    String what =
        "May %s of %s run? It comes from outside the repository."
            .formatted(order.commit().abbreviated(), pull(order));
    Wait wait = new Wait(Wait.Kind.APPROVAL, what, List.of(), List.of(), null);
    return new OpenWait(KEY, null, wait, clock.instant());
  }

  private static String pull(NewRun order) {
    Long number = order.origin().pull();
    return number == null ? order.ref() : "pull request " + number;
  }

  /** Why a run is refused what only runs of approved commits get. */
  static ApiException unapproved(RunRecord run, String refused) {
    return new ApiException(
        Problem.Code.FORBIDDEN,
        "%s: %s is of %s from outside the repository, and nobody has approved its commit %s."
            .formatted(refused, run.id(), pull(run.order()), run.order().commit().abbreviated()));
  }

  private static boolean isHeld(RunRecord run) {
    return run.state() == RunState.WAITING
        && !run.order().origin().isVouchedFor()
        && run.attempt().told().waits().stream().anyMatch(wait -> wait.key().equals(KEY));
  }

  /**
   * A person lets the commit of a held run be run, or not. All held runs of that commit begin, or
   * are over.
   *
   * @throws ApiException NOT_FOUND if the run is not held, CONFLICT if it is over or somebody was
   *     first, MALFORMED if there are values
   */
  public void decide(RunId id, Decision decision, String by) {
    RunRecord run = book.entry(id).record;
    check(run, decision);
    String note = said(decision);
    if (decision.approved()) {
      boolean unused = shelf.insert(id(run.order()), new CommitApproval(by, note, clock.instant()));
      letGo(run.order());
    } else {
      end(
          held -> isSameCommit(held.order(), run.order()),
          by,
          "The commit was rejected by %s%s".formatted(by, note == null ? "." : ": " + note));
    }
    log.atInfo()
        .addKeyValue("run", id)
        .addKeyValue("commit", run.order().commit())
        .addKeyValue("approved", decision.approved())
        .addKeyValue("by", by)
        .log("Commit from outside was decided on");
  }

  private static @Nullable String said(Decision decision) {
    String note = decision.note();
    return note == null || note.isBlank() ? null : Limits.shorten(note.strip(), LONGEST_NOTE);
  }

  private static void check(RunRecord run, Decision decision) {
    CommitApproval known = run.order().origin().approval();
    if (known != null) {
      throw new ApiException(
          Problem.Code.CONFLICT,
          "The commit of %s was approved by %s already.".formatted(run.id(), known.by()));
    }
    if (run.over()) {
      throw new ApiException(
          Problem.Code.CONFLICT,
          "The run " + run.id() + " is finished, so nothing of it can be decided.");
    }
    if (!isHeld(run)) {
      throw new ApiException(
          Problem.Code.NOT_FOUND,
          "The commit of " + run.id() + " waits for no approval.",
          "Name the step to answer.");
    }
    if (!decision.values().isEmpty()) {
      throw new ApiException(Problem.Code.MALFORMED, "The approval of a commit takes no values.");
    }
  }

  /** Lets every held run of this commit begin, if somebody vouches for it. */
  private void letGo(NewRun order) {
    CommitApproval approval = shelf.find(id(order)).map(Shelf.Held::value).orElse(null);
    if (approval == null) {
      return;
    }
    for (RunEntry entry : book.inMemory()) {
      if (isHeld(entry.record) && isSameCommit(entry.record.order(), order)) {
        book.changeIf(
            entry,
            draft -> {
              boolean held = isHeld(draft.before());
              if (held) {
                draft.vouch(KEY, approval);
              }
              return held;
            });
      }
    }
  }

  private void end(Predicate<RunRecord> which, String by, String why) {
    for (RunEntry entry : book.inMemory()) {
      if (isHeld(entry.record) && which.test(entry.record)) {
        book.changeIf(
            entry,
            draft -> {
              boolean held = isHeld(draft.before());
              if (held) {
                draft.cancel(by, why, clock.instant());
              }
              return held;
            });
      }
    }
  }

  /** A new commit of a pull request takes the place of those before it that are still held. */
  @Override
  public void runChanged(@Nullable RunRecord before, RunRecord after) {
    NewRun order = after.order();
    if (before != null || order.origin().trust() != Trust.FOREIGN) {
      return;
    }
    end(
        held -> isReplaced(held, after),
        "pipewright",
        "Superseded: %s has the newer commit %s."
            .formatted(pull(order), order.commit().abbreviated()));
    letGo(order);
  }

  private boolean isReplaced(RunRecord held, RunRecord by) {
    Long pull = held.order().origin().pull();
    return pull != null
        && pull.equals(by.order().origin().pull())
        && held.order().source().equals(by.order().source())
        && !held.order().commit().equals(by.order().commit())
        && changes.among(List.of(held, by)).compare(held, by) < 0;
  }

  /** Lets go what a crash has left held. To be called now and then. */
  void sweep() {
    book.inMemory().stream()
        .map(entry -> entry.record)
        .filter(CommitApprovals::isHeld)
        .forEach(run -> letGo(run.order()));
  }

  @Override
  public void pipelineChanged(PipelineName pipeline) {
    // Commits are approved run by run.
  }

  @Override
  public void logGrew(RunId run, StepPath step, long length, long count) {
    // Output approves nothing.
  }
}
