package dev.pipewright.spawner.docker;

import org.jspecify.annotations.Nullable;

/**
 * How containers are kept apart from this machine, beyond what always holds.
 *
 * @param readOnlyRoot true if engines and steps may write only to the workspace and a small {@code
 *     /tmp}
 * @param runtime what the daemon runs containers with, like {@code runsc}; null for its default
 * @param hostAccess true if containers may reach every port of this machine, and metadata addresses
 */
public record Isolation(boolean readOnlyRoot, @Nullable String runtime, boolean hostAccess) {
  /** The defaults: a writable root, the daemon's runtime, no access. */
  public static final Isolation DEFAULT = new Isolation(false, null, false);
}
