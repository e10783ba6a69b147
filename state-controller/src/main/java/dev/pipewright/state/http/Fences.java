package dev.pipewright.state.http;

import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Problem;

/** Compares what a body says of its launch with the token that came with it. */
final class Fences {
  private Fences() {}

  /** A run token speaks for the launch it was made for, whatever the body says. */
  static void own(Call call, long fence) {
    if (call.fence() != 0 && call.fence() != fence) {
      throw new ApiException(
          Problem.Code.FENCED,
          "This token belongs to launch %d, not to launch %d.".formatted(call.fence(), fence));
    }
  }
}
