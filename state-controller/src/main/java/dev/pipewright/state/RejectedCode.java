package dev.pipewright.state;

import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.VersionAnswer;
import dev.pipewright.protocol.run.Outcome;
import java.util.Optional;

/**
 * Finds the run that has rejected pipeline code, so that every commit with the same code is told of
 * it: only the first one has a run of its own. Thread-safe.
 */
final class RejectedCode {
  /** Code that was rejected so many runs ago is asked for by nobody. */
  private static final int LOOKED_AT = 200;

  private final RunBook book;
  private final Pipelines pipelines;
  private final Announcements announcements;

  RejectedCode(RunBook book, Pipelines pipelines, Announcements announcements) {
    this.book = book;
    this.pipelines = pipelines;
    this.announcements = announcements;
  }

  /** Has the forge told that the code at a commit was rejected; the second time changes nothing. */
  void tell(SourceName source, VersionAnswer answer) {
    CommitId commit = answer.commit();
    String ref = answer.ref();
    String key = answer.versionKey();
    if (answer.state() == VersionAnswer.State.FAILED
        && commit != null
        && ref != null
        && key != null) {
      runOf(source, key)
          .filter(run -> !run.order().commit().equals(commit))
          .ifPresent(run -> announcements.alsoOf(run, commit, ref));
    }
  }

  private Optional<RunRecord> runOf(SourceName source, String key) {
    PipelineName code = PipelineName.codeOf(source);
    return book.below(code, pipelines.lastNumber(code) + 1, LOOKED_AT).stream()
        .filter(
            run ->
                key.equals(run.order().versionKey()) && run.snapshot().outcome() == Outcome.FAILED)
        .findFirst();
  }
}
