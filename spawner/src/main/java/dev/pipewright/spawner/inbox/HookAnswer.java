package dev.pipewright.spawner.inbox;

import dev.pipewright.protocol.api.DeliveryAccepted;
import dev.pipewright.protocol.api.Problem;

/** What the sender of a delivery is told. */
public sealed interface HookAnswer {

  /** The HTTP status of the answer. */
  int status();

  /** The value whose JSON is the body of the answer. */
  Object body();

  /** The delivery is stored: 202 if it may start runs, 200 if it does not or came before. */
  record Stored(DeliveryAccepted accepted) implements HookAnswer {
    private static final int OK = 200;
    private static final int ACCEPTED = 202;

    @Override
    public int status() {
      return switch (accepted.verdict()) {
        case BUILD, BUILD_UNTRUSTED -> accepted.duplicate() ? OK : ACCEPTED;
        case SKIPPED, IGNORED, PING, REJECTED -> OK;
      };
    }

    @Override
    public Object body() {
      return accepted;
    }
  }

  /** The delivery is refused or could not be stored. */
  record Refused(Problem problem) implements HookAnswer {
    @Override
    public int status() {
      return problem.status();
    }

    @Override
    public Object body() {
      return problem;
    }
  }
}
