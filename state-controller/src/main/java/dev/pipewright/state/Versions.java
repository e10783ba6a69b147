package dev.pipewright.state;

import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.ClaimRenewal;
import dev.pipewright.protocol.api.PipelineVersion;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.VersionAnswer;
import dev.pipewright.protocol.api.VersionRequest;
import dev.pipewright.protocol.api.VersionResolved;
import dev.pipewright.protocol.api.VersionWork;
import dev.pipewright.state.store.Shelf;
import dev.pipewright.state.store.Storage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Which pipelines a commit defines: asked by Spawners, answered by Builders. What was said of a
 * fixed commit of a ref is remembered for good, also that its code is wrong; what failed for
 * another reason may be asked again after five seconds; what the head of a ref is must be asked
 * every time.
 */
public final class Versions {
  private static final Duration PAUSE = Duration.ofSeconds(5);

  /** After this time without a Builder that takes a question, something is wrong. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private record Failure(VersionAnswer answer, Instant at) {}

  private final Bundles bundles;
  private final Shelf<VersionAnswer> answers;
  private final Sources sources;
  private final InstantSource clock;
  private final Questions<VersionRequest, VersionAnswer> questions;
  private final ConcurrentMap<String, Failure> failures = new ConcurrentHashMap<>();
  private final Schedules schedules;
  private final RejectedCode rejected;

  Versions(
      Storage storage,
      Sources sources,
      Schedules schedules,
      RejectedCode rejected,
      Bundles bundles,
      InstantSource clock) {
    this.schedules = schedules;
    this.rejected = rejected;
    this.bundles = bundles;
    this.answers = storage.shelf("versionAnswers", VersionAnswer.class);
    this.sources = sources;
    this.clock = clock;
    this.questions = new Questions<>(clock);
  }

  /**
   * The answer if it comes within {@code wait}, else PENDING: then ask again. UNAVAILABLE if no
   * Builder has taken the question for a minute; it stays open.
   */
  public VersionAnswer resolve(VersionRequest request, Duration wait) {
    VersionAnswer answer = known(request, wait);
    learn(request, answer);
    return answer;
  }

  /** What is said of a default branch tells what the clock starts. */
  private void learn(VersionRequest request, VersionAnswer answer) {
    if (request.commitOnly()) {
      return;
    }
    boolean head = request.ref() == null && request.commit() == null;
    schedules.learn(request.source(), head, answer, this::askForHead);
  }

  private void askForHead(SourceName source) {
    VersionRequest request = new VersionRequest(source, null, null);
    Object unused =
        questions.ask(key(request, sources.view(source).folder()), request, Duration.ZERO);
  }

  private VersionAnswer known(VersionRequest request, Duration wait) {
    CommitId commit = request.commit();
    String key = key(request, sources.view(request.source()).folder());
    if (commit != null) {
      Optional<VersionAnswer> known = answers.find(key).map(Shelf.Held::value);
      if (known.isPresent() && isStillTrue(known.get())) {
        return at(known.get(), request.ref());
      }
    }
    Failure failure = failures.get(key);
    if (failure != null) {
      if (failure.at().plus(PAUSE).isAfter(clock.instant())) {
        return at(failure.answer(), request.ref());
      }
      failures.remove(key, failure);
      questions.forget(key);
    }
    return questions
        .ask(key, request, wait)
        .map(answer -> at(answer, request.ref()))
        .orElseGet(() -> unanswered(key, request));
  }

  /** A version that is gone since is built again. */
  private boolean isStillTrue(VersionAnswer answer) {
    String version = answer.versionKey();
    return answer.state() != VersionAnswer.State.READY
        || version == null
        || bundles.isKept(version);
  }

  private VersionAnswer unanswered(String key, VersionRequest request) {
    boolean alone = questions.isLeftAlone(key, clock.instant().minus(PATIENCE));
    return new VersionAnswer(
        alone ? VersionAnswer.State.UNAVAILABLE : VersionAnswer.State.PENDING,
        alone ? "No Builder has taken it up for %d seconds.".formatted(PATIENCE.toSeconds()) : null,
        request.ref(),
        request.commit(),
        null,
        null,
        List.of(),
        null,
        null);
  }

  private static String key(VersionRequest request, String folder) {
    CommitId commit = request.commit();
    String what = (commit == null ? "" : commit.value()) + "@" + request.ref();
    String only = request.commitOnly() ? "|commit" : "";
    String since = request.since() == null ? "" : "|" + request.since();
    return request.source() + "|" + folder + "|" + what + only + since;
  }

  private static VersionAnswer at(VersionAnswer answer, @Nullable String ref) {
    return ref == null || ref.equals(answer.ref()) ? answer : answer.on(ref);
  }

  /** The oldest question nobody works on, if one comes within {@code wait}. */
  public Optional<VersionWork> claim(Duration wait) {
    return questions
        .claim(wait)
        .map(
            work ->
                new VersionWork(
                    work.key(),
                    sources.view(work.question().source()),
                    work.question().ref(),
                    work.question().commit(),
                    null,
                    work.question().commitOnly(),
                    work.fence(),
                    work.question().since()));
  }

  /** Offers a claimed question again at once. */
  public void giveBack(VersionWork work) {
    questions.giveBack(work.id(), work.fence());
  }

  /**
   * Holds a claimed question on.
   *
   * @throws ApiException FENCED if it is not held any more
   */
  public void renew(ClaimRenewal renewal) {
    if (!questions.renew(renewal.id(), renewal.fence())) {
      throw new ApiException(Problem.Code.FENCED, "This question is not held any more.");
    }
  }

  /** Answers a claimed question. One that is not held any more is passed over. */
  public void resolved(VersionResolved resolved) {
    VersionAnswer answer = resolved.answer();
    if (answer.state() == VersionAnswer.State.PENDING) {
      throw new ApiException(Problem.Code.MALFORMED, "PENDING is no answer: send READY or FAILED.");
    }
    Optional<VersionRequest> question = questions.held(resolved.id(), resolved.fence());
    if (question.isEmpty()) {
      return;
    }
    rejected.tell(question.get().source(), answer);
    boolean fixed = question.get().commit() != null;
    boolean ready = answer.state() == VersionAnswer.State.READY;
    if (fixed && (ready || answer.versionKey() != null)) {
      answers.put(resolved.id(), answer);
    } else if (!ready) {
      failures.put(resolved.id(), new Failure(answer, clock.instant()));
    }
    questions.answer(resolved.id(), resolved.fence(), answer);
    learn(question.get(), answer);
  }

  /** The version with this key, if it was built and is kept. */
  public Optional<PipelineVersion> version(String key) {
    return bundles.find(key);
  }

  /** Keeps a built version; the first with a key stays. */
  public void store(PipelineVersion version) {
    bundles.store(version);
  }

  /** Offers questions again whose claim has run out. To be called every few seconds. */
  public void sweep() {
    Instant old = clock.instant().minus(PAUSE);
    failures.forEach(
        (key, failure) -> {
          if (failure.at().isBefore(old) && failures.remove(key, failure)) {
            questions.forget(key);
          }
        });
    questions.sweep();
  }
}
