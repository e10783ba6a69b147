package dev.pipewright.builder;

import dev.pipewright.builder.git.CodeFolder;
import dev.pipewright.builder.maven.MavenLibraries;
import dev.pipewright.builder.meta.PipelineCodePipeline;
import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.api.PipelineVersion;
import dev.pipewright.protocol.api.SourceView;
import dev.pipewright.protocol.client.WorkClient;
import dev.pipewright.protocol.run.Artifact;
import dev.pipewright.protocol.run.Cause;
import dev.pipewright.protocol.run.Origin;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.PlanStep;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.StepSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds pipeline code by a run of the meta-pipeline: an ordinary, isolated run that anybody can
 * look at. The same code asked for twice gives one run. Thread-safe.
 */
final class CodeRuns {
  private static final Logger log = LoggerFactory.getLogger(CodeRuns.class);
  private static final long TIME_LIMIT_SECONDS = 300;
  private static final int BUNDLE_LIMIT = 64 * 1024 * 1024;
  private static final Duration POLL = Duration.ofSeconds(20);
  private static final Duration PATIENCE = Duration.ofMinutes(9);
  private static final int MOST_RUNS = 1_000;

  private final WorkClient client;
  private final InstantSource clock;
  private final MavenLibraries libraries;
  private final byte[] metaPipeline;

  CodeRuns(WorkClient client, InstantSource clock, MavenLibraries libraries, byte[] metaPipeline) {
    this.client = client;
    this.clock = clock;
    this.libraries = libraries;
    this.metaPipeline = metaPipeline.clone();
  }

  /** The code to be built, where it was found, and who wanted it. */
  record Wanted(
      String key,
      SourceView source,
      String ref,
      CommitId commit,
      @Nullable String by,
      CodeFolder folder) {}

  /**
   * Builds and stores a version; waits for its run.
   *
   * @throws CodeRejectedException if the code is wrong
   * @throws BuildFailedException if it could not be built
   * @throws StillBuildingException if its run is not finished before the claim runs out
   */
  PipelineVersion build(Wanted wanted) {
    BlobDigest bundle = client.store(metaPipeline);
    CodeSeed seed = CodeSeed.of(wanted.folder(), libraries);
    Map<String, String> parameters =
        seed.hasLibraries() ? Map.of(PipelineCodePipeline.LIBRARIES, "yes") : Map.of();
    NewCode code = new NewCode(bundle, client.store(seed.zip()), parameters);
    RunSnapshot run = finished(begun(wanted, code));
    Outcome outcome = run.outcome();
    if (outcome == Outcome.FAILED) {
      throw new CodeRejectedException(reason(run));
    }
    if (outcome != Outcome.SUCCEEDED) {
      throw new BuildFailedException(
          "The run %s that builds the pipeline code ended %s: %s"
              .formatted(run.id(), outcome, reason(run)),
          outcome == Outcome.ERRORED);
    }
    PipelineVersion version = version(wanted, run);
    client.store(version);
    log.atInfo()
        .addKeyValue("version", version.key())
        .addKeyValue("run", run.id())
        .addKeyValue("pipelines", version.plans().size())
        .log("Pipeline code was built");
    return version;
  }

  /** The run for this code: a new one, or one that still says something about the code. */
  private RunSnapshot begun(Wanted wanted, NewCode code) {
    for (int n = 1; n <= MOST_RUNS; n++) {
      RunSnapshot run = client.create(newRun(wanted, n, code));
      boolean useful =
          run.outcome() == null
              || run.outcome() == Outcome.SUCCEEDED
              || run.outcome() == Outcome.FAILED;
      if (useful) {
        return run;
      }
    }
    throw new BuildFailedException(
        "The pipeline code could not be built in %,d runs. See the last ones for the reason."
            .formatted(MOST_RUNS),
        false);
  }

  /** What a run is made of, stored. */
  private record NewCode(BlobDigest bundle, BlobDigest seed, Map<String, String> parameters) {}

  private static NewRun newRun(Wanted wanted, int n, NewCode code) {
    return new NewRun(
        "code|" + wanted.key() + "|" + n,
        wanted.source().name(),
        wanted.ref(),
        wanted.commit(),
        new Cause("pipeline_code", wanted.by(), null, null),
        wanted.key(),
        code.bundle(),
        plan(PipelineName.codeOf(wanted.source().name())),
        code.parameters(),
        code.seed(),
        true,
        TIME_LIMIT_SECONDS,
        Origin.TRUSTED);
  }

  /** The shape of the meta-pipeline, under the name it has for one source. */
  static Plan plan(PipelineName name) {
    List<PlanStep> steps =
        List.of(
            step("onlyIf", null, List.of(step("step", StepPath.of("resolve"), List.of()))),
            step("step", StepPath.of("compile"), List.of()),
            step("onlyIf", null, List.of(step("step", StepPath.of("test"), List.of()))),
            step("step", StepPath.of("describe"), List.of()),
            step("step", StepPath.of("publish"), List.of()));
    return new Plan(name, PipelineCodePipeline.class.getName(), List.of(), null, steps);
  }

  private static PlanStep step(String word, @Nullable StepPath path, List<PlanStep> steps) {
    return new PlanStep(
        word, path, "", "PipelineCodePipeline.java", false, null, 1, steps, List.of(), List.of());
  }

  private RunSnapshot finished(RunSnapshot first) {
    Instant end = clock.instant().plus(PATIENCE);
    RunSnapshot run = first;
    if (run.state() == Phase.FINISHED) {
      return client.run(run.id());
    }
    while (run.state() != Phase.FINISHED) {
      if (clock.instant().isAfter(end)) {
        throw new StillBuildingException(
            "The run %s that builds the pipeline code is not finished yet.".formatted(run.id()));
      }
      run = client.awaitRun(run.id(), run.version(), POLL);
    }
    return run;
  }

  private static String reason(RunSnapshot run) {
    for (StepSnapshot step : run.steps()) {
      @Nullable Outcome outcome = step.outcome();
      @Nullable String reason = step.reason();
      if (outcome != null && outcome.isBroken() && reason != null) {
        return reason;
      }
    }
    @Nullable String reason = run.reason();
    return reason == null ? "See the run " + run.id() + " for the reason." : reason;
  }

  private PipelineVersion version(Wanted wanted, RunSnapshot run) {
    Artifact bundle = artifact(run, PipelineCodePipeline.BUNDLE, BUNDLE_LIMIT);
    Artifact description = artifact(run, PipelineCodePipeline.DESCRIPTION, Description.SIZE_LIMIT);
    List<Plan> plans = Description.plans(client.blob(description.digest()));
    return new PipelineVersion(
        wanted.key(),
        wanted.source().name(),
        wanted.folder().treeId(),
        bundle.digest(),
        plans,
        run.id(),
        clock.instant());
  }

  private static Artifact artifact(RunSnapshot run, String path, int limit) {
    for (StepSnapshot step : run.steps()) {
      for (Artifact artifact : step.artifacts()) {
        if (artifact.path().equals(path)) {
          if (artifact.size() > limit) {
            throw new CodeRejectedException(
                "%s has %,d bytes; %,d are allowed.".formatted(path, artifact.size(), limit));
          }
          return artifact;
        }
      }
    }
    throw new BuildFailedException(
        "The run %s succeeded, but left no %s.".formatted(run.id(), path), false);
  }
}
