package dev.pipewright.builder;

import dev.pipewright.builder.git.CodeFolder;
import dev.pipewright.builder.git.CommitFacts;
import dev.pipewright.builder.git.FetchRequest;
import dev.pipewright.builder.git.Head;
import dev.pipewright.builder.git.Mirror;
import dev.pipewright.builder.git.MirrorException;
import dev.pipewright.builder.git.Mirrors;
import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.PipelineVersion;
import dev.pipewright.protocol.api.SourceView;
import dev.pipewright.protocol.api.VersionAnswer;
import dev.pipewright.protocol.api.VersionResolved;
import dev.pipewright.protocol.api.VersionWork;
import dev.pipewright.protocol.client.WorkClient;
import dev.pipewright.protocol.run.Plan;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers which pipelines a commit defines. Code that was built before is answered from the store;
 * a commit that is in the mirror costs no network. Thread-safe.
 */
final class Versions {
  private static final Logger log = LoggerFactory.getLogger(Versions.class);

  private final WorkClient client;
  private final Mirrors mirrors;
  private final VersionKeys keys;
  private final CodeRuns runs;
  private final List<Duration> pauses;

  /** {@code pauses} lie between the questions to a repository that cannot be reached. */
  Versions(
      WorkClient client, Mirrors mirrors, VersionKeys keys, CodeRuns runs, List<Duration> pauses) {
    this.client = client;
    this.mirrors = mirrors;
    this.keys = keys;
    this.runs = runs;
    this.pauses = List.copyOf(pauses);
  }

  /**
   * Does one claimed request and stores the answer. May be repeated. A request whose run is not
   * finished stays open and is offered again, as a long queue is no fault of the commit.
   */
  void answer(VersionWork work) {
    VersionAnswer answer;
    try {
      answer = answerTo(work);
    } catch (StillBuildingException e) {
      log.atInfo()
          .addKeyValue("source", work.source().name())
          .addKeyValue("why", e.getMessage())
          .log("Version is not resolved yet");
      return;
    }
    client.versionResolved(new VersionResolved(work.id(), work.fence(), answer));
    log.atInfo()
        .addKeyValue("source", work.source().name())
        .addKeyValue("commit", answer.commit())
        .addKeyValue("state", answer.state())
        .addKeyValue("version", answer.versionKey())
        .log("Version was resolved");
  }

  private VersionAnswer answerTo(VersionWork work) {
    @Nullable Head head = null;
    try {
      Head named = patiently(() -> head(work));
      head = named;
      Mirror mirror = patiently(() -> mirror(work.source(), named));
      Head found = new Head(named.ref(), mirror.commit(named.commit()));
      head = found;
      CommitFacts facts = mirror.facts(found.commit());
      if (work.commitOnly()) {
        return ready(found, null, null, List.of())
            .madeBy(facts.author(), facts.subject(), facts.skip())
            .changing(changed(work, found.commit()));
      }
      CodeFolder folder = mirror.folder(found.commit(), work.source().folder());
      return versionAt(work, found, folder).madeBy(facts.author(), facts.subject(), facts.skip());
    } catch (MirrorException e) {
      return unmirrored(e, head);
    } catch (BuildFailedException e) {
      return e.retryable() ? unavailable(head, e.getMessage()) : failed(head, null, e.getMessage());
    } catch (ApiException e) {
      return failed(head, null, "The pipeline code could not be built: " + e.getMessage());
    }
  }

  /** The changed files; none if they cannot be known, as after a forced push. */
  private List<String> changed(VersionWork work, CommitId commit) {
    CommitId since = work.since();
    if (since == null) {
      return List.of();
    }
    try {
      SourceView source = work.source();
      Mirror both =
          mirrors.fetched(new FetchRequest(source.name(), source.url(), since, work.ref()));
      return both.changed(since, commit);
    } catch (MirrorException e) {
      log.atInfo()
          .addKeyValue("source", work.source().name())
          .addKeyValue("since", since)
          .setCause(e)
          .log("Nobody knows which files have changed");
      return List.of();
    }
  }

  private Head head(VersionWork work) {
    SourceView source = work.source();
    @Nullable CommitId commit = work.commit();
    @Nullable String ref = work.ref();
    if (commit != null && ref != null && ref.startsWith("refs/")) {
      return new Head(ref, commit);
    }
    Head found =
        mirrors.head(source.name(), source.url(), ref == null ? source.defaultBranch() : ref);
    return commit == null ? found : new Head(found.ref(), commit);
  }

  /** Asks a repository again that could not be reached: a commit must not be lost by a hiccup. */
  private <T> T patiently(Supplier<T> question) {
    for (Duration pause : pauses) {
      try {
        return question.get();
      } catch (MirrorException e) {
        if (!e.retryable()) {
          throw e;
        }
        log.atInfo().setCause(e).log("Repository is asked again");
        pause(pause, e);
      }
    }
    return question.get();
  }

  private static void pause(Duration pause, MirrorException cause) {
    try {
      TimeUnit.NANOSECONDS.sleep(pause.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw cause;
    }
  }

  private Mirror mirror(SourceView source, Head head) {
    return mirrors.confirmed(
        new FetchRequest(source.name(), source.url(), head.commit(), head.ref()));
  }

  private VersionAnswer versionAt(VersionWork work, Head head, CodeFolder folder) {
    SourceView source = work.source();
    if (!folder.isPresent() || !folder.holdsJava()) {
      return ready(head, null, null, List.of());
    }
    String key = keys.key(source.name(), folder.treeId());
    try {
      Optional<PipelineVersion> known = client.version(key);
      PipelineVersion version =
          known.isPresent()
              ? known.get()
              : runs.build(
                  new CodeRuns.Wanted(key, source, head.ref(), head.commit(), work.by(), folder));
      return ready(head, key, version.bundle(), version.plans());
    } catch (CodeRejectedException e) {
      return failed(head, key, e.getMessage());
    }
  }

  private static VersionAnswer ready(
      Head head, @Nullable String key, @Nullable BlobDigest bundle, List<Plan> plans) {
    return new VersionAnswer(
        VersionAnswer.State.READY, null, head.ref(), head.commit(), key, bundle, plans, null, null);
  }

  private static VersionAnswer unmirrored(MirrorException e, @Nullable Head head) {
    if (e.isOfAbsence()) {
      return unanswered(VersionAnswer.State.ABSENT, head, null, e.getMessage());
    }
    return e.retryable() ? unavailable(head, e.getMessage()) : failed(head, null, e.getMessage());
  }

  /** A key in a failed answer says that the code itself is wrong: asking again does not help. */
  private static VersionAnswer failed(
      @Nullable Head head, @Nullable String key, @Nullable String reason) {
    return unanswered(VersionAnswer.State.FAILED, head, key, reason);
  }

  private static VersionAnswer unavailable(@Nullable Head head, @Nullable String reason) {
    return unanswered(VersionAnswer.State.UNAVAILABLE, head, null, reason);
  }

  private static VersionAnswer unanswered(
      VersionAnswer.State state,
      @Nullable Head head,
      @Nullable String key,
      @Nullable String reason) {
    return new VersionAnswer(
        state,
        reason,
        head == null ? null : head.ref(),
        head == null ? null : head.commit(),
        key,
        null,
        List.of(),
        null,
        null);
  }
}
