package dev.pipewright.builder;

import dev.pipewright.builder.image.ImageException;
import dev.pipewright.builder.image.RuntimeImages;
import dev.pipewright.protocol.api.ImageAnswer;
import dev.pipewright.protocol.api.ImageResolved;
import dev.pipewright.protocol.api.ImageWork;
import dev.pipewright.protocol.api.VersionAnswer;
import dev.pipewright.protocol.client.WorkClient;

/** Answers which image the runs of a base image use. Thread-safe. */
final class Images {
  private final WorkClient client;
  private final RuntimeImages images;

  Images(WorkClient client, RuntimeImages images) {
    this.client = client;
    this.images = images;
  }

  /** Does one claimed request and stores the answer. May be repeated. */
  void answer(ImageWork work) {
    client.imageResolved(new ImageResolved(work.base(), work.fence(), answerTo(work.base())));
  }

  private ImageAnswer answerTo(String base) {
    try {
      return new ImageAnswer(VersionAnswer.State.READY, images.imageFor(base), null);
    } catch (ImageException e) {
      return new ImageAnswer(VersionAnswer.State.FAILED, null, e.getMessage());
    }
  }
}
