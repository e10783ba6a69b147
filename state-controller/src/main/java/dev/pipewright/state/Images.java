package dev.pipewright.state;

import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.ClaimRenewal;
import dev.pipewright.protocol.api.ImageAnswer;
import dev.pipewright.protocol.api.ImageRequest;
import dev.pipewright.protocol.api.ImageResolved;
import dev.pipewright.protocol.api.ImageWork;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.VersionAnswer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Which runtime image belongs to a base image: asked by Spawners, answered by Builders, who
 * remember. Nothing is remembered here, because an image may be gone the next time. Thread-safe.
 */
public final class Images {
  private static final int LONGEST_BASE = 500;

  private final Questions<ImageRequest, ImageAnswer> questions;

  Images(InstantSource clock) {
    this.questions = new Questions<>(clock);
  }

  /** The answer if it comes within {@code wait}, else PENDING: then ask again. */
  public ImageAnswer resolve(ImageRequest request, Duration wait) {
    if (request.base().isBlank() || request.base().length() > LONGEST_BASE) {
      throw new ApiException(
          Problem.Code.MALFORMED, "A base image has a name of 1 to 500 characters.");
    }
    return questions
        .ask(request.base(), request, wait)
        .orElseGet(() -> new ImageAnswer(VersionAnswer.State.PENDING, null, null));
  }

  /** The oldest question nobody works on, if one comes within {@code wait}. */
  public Optional<ImageWork> claim(Duration wait) {
    return questions.claim(wait).map(work -> new ImageWork(work.key(), work.fence()));
  }

  /** Offers a claimed question again at once. */
  public void giveBack(ImageWork work) {
    questions.giveBack(work.base(), work.fence());
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
  public void resolved(ImageResolved resolved) {
    questions.answer(resolved.base(), resolved.fence(), resolved.answer());
  }

  /** Offers questions again whose claim has run out. To be called every few seconds. */
  public void sweep() {
    questions.sweep();
  }
}
