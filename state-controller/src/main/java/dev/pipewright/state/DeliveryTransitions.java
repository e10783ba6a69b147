package dev.pipewright.state;

import dev.pipewright.protocol.api.DeliveryState;

/**
 * What may happen to a delivery, as one pure table. Everything that changes the state of a delivery
 * asks here first. The diagram in {@code docs/delivery-states.md} is made from it.
 */
public final class DeliveryTransitions {
  private DeliveryTransitions() {}

  /** The answer of the table. */
  public sealed interface Move {
    /** The delivery is in {@code state} from now on; that may be the state it was in. */
    record To(DeliveryState state) implements Move {}

    /** This cannot happen now. */
    record Refused(String why) implements Move {}
  }

  /** What {@code signal} does to a delivery in {@code state}. */
  public static Move next(DeliveryState state, DeliverySignal signal) {
    return switch (state) {
      case RECEIVED -> received(signal);
      case BUILDING -> building(signal);
      case PLANNED -> planned(signal);
      case DONE, FAILED -> over(signal);
    };
  }

  private static Move received(DeliverySignal signal) {
    return switch (signal) {
      case CLAIM -> to(DeliveryState.BUILDING);
      case REPLAY -> to(DeliveryState.RECEIVED);
      case PLAN, POSTPONE, FAIL -> refused("Nobody works on the delivery.");
      case SETTLE -> refused("The delivery waits for its turn.");
    };
  }

  /** A claim whose lease ran out may be followed by another one. */
  private static Move building(DeliverySignal signal) {
    return switch (signal) {
      case CLAIM -> to(DeliveryState.BUILDING);
      case PLAN -> to(DeliveryState.PLANNED);
      case POSTPONE -> to(DeliveryState.RECEIVED);
      case FAIL -> to(DeliveryState.FAILED);
      case SETTLE, REPLAY -> refused("The delivery is being worked on.");
    };
  }

  private static Move planned(DeliverySignal signal) {
    return switch (signal) {
      case SETTLE -> to(DeliveryState.DONE);
      case CLAIM, PLAN, POSTPONE, FAIL, REPLAY -> refused("The runs of the delivery were created.");
    };
  }

  private static Move over(DeliverySignal signal) {
    return switch (signal) {
      case REPLAY -> to(DeliveryState.RECEIVED);
      case CLAIM, PLAN, POSTPONE, FAIL, SETTLE -> refused("The delivery is over.");
    };
  }

  private static Move to(DeliveryState state) {
    return new Move.To(state);
  }

  private static Move refused(String why) {
    return new Move.Refused(why);
  }
}
