package dev.pipewright.spawner.docker;

import dev.pipewright.spawner.launch.Confinement;
import org.jspecify.annotations.Nullable;

/**
 * How containers are kept apart from this machine, beyond what always holds.
 *
 * @param readOnlyRoot true if engines and steps may write only to the workspace and a small {@code
 *     /tmp}
 * @param runtime what the daemon runs containers with, like {@code runsc}; null for its default
 * @param hostAccess true if containers may reach every port of this machine, and metadata addresses
 * @param foreign what holds besides for runs of foreign commits
 */
public record Isolation(
    boolean readOnlyRoot, @Nullable String runtime, boolean hostAccess, Foreign foreign) {
  /** The defaults: a writable root, the daemon's runtime, no access. */
  public static final Isolation DEFAULT = new Isolation(false, null, false);

  /**
   * How runs of foreign commits are kept that nobody has vouched for; they are on a network of
   * their own in any case.
   *
   * @param wayOut true if they reach the network beyond this machine, and not the server alone
   * @param runtime what the daemon runs their containers with; null for that of all others
   */
  public record Foreign(boolean wayOut, @Nullable String runtime) {
    /** No way out, and the same runtime. */
    public static final Foreign DEFAULT = new Foreign(false, null);
  }

  /** With the defaults for foreign commits. */
  public Isolation(boolean readOnlyRoot, @Nullable String runtime, boolean hostAccess) {
    this(readOnlyRoot, runtime, hostAccess, Foreign.DEFAULT);
  }

  /** What the daemon runs the container of such a unit with; null for its default. */
  @Nullable String runtime(Confinement confinement) {
    String own = foreign.runtime();
    return confinement == Confinement.FOREIGN && own != null ? own : runtime;
  }
}
