package dev.pipewright.protocol.api;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.run.Answer;
import dev.pipewright.protocol.run.Cause;
import dev.pipewright.protocol.run.Plan;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All an engine must know to do its run. {@code checkoutPath} is a path on the server from which
 * the commit can be fetched with the run token.
 *
 * @param attempt which attempt this launch belongs to
 * @param resumed whether the run has events already, of this attempt or of one before: read them
 * @param from the step this attempt begins at, if a person asked for that
 * @param reason why there is a further attempt; null for the first
 * @param answers what was answered in this attempt
 * @param logEnds how much output is stored of each step of this attempt
 */
public record Assignment(
    RunId run,
    int attempt,
    long fence,
    SourceName source,
    String ref,
    CommitId commit,
    Cause cause,
    BlobDigest bundle,
    Plan plan,
    Map<String, String> parameters,
    @Nullable BlobDigest seed,
    String checkoutPath,
    boolean resumed,
    @Nullable StepPath from,
    @Nullable String reason,
    List<Answer> answers,
    Map<StepPath, Long> logEnds) {
  public Assignment {
    parameters = Map.copyOf(parameters);
    answers = List.copyOf(answers);
    logEnds = Map.copyOf(logEnds);
  }

  /** The first launch of a run. */
  public Assignment(
      RunId run,
      int attempt,
      long fence,
      SourceName source,
      String ref,
      CommitId commit,
      Cause cause,
      BlobDigest bundle,
      Plan plan,
      Map<String, String> parameters,
      @Nullable BlobDigest seed,
      String checkoutPath) {
    this(
        run,
        attempt,
        fence,
        source,
        ref,
        commit,
        cause,
        bundle,
        plan,
        parameters,
        seed,
        checkoutPath,
        false,
        null,
        null,
        List.of(),
        Map.of());
  }
}
