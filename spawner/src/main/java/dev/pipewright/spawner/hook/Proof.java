package dev.pipewright.spawner.hook;

import java.util.Optional;

/** How a kind of sender proves that it knows the secret of a source. */
interface Proof {

  /** Why the delivery is not believed; empty if it is. Takes the same time wherever it differs. */
  Optional<String> fault(String secret, HookRequest request);
}
