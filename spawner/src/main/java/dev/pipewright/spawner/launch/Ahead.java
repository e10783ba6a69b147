package dev.pipewright.spawner.launch;

/**
 * How the units stand that a launcher starts ahead of need. All but {@code waiting} are counts
 * since it was made.
 *
 * @param waiting how many wait for a run now
 * @param hits launches that got one of them
 * @param misses launches that were started as if there were none
 * @param made units that were started ahead
 * @param removed those that were removed without a run
 */
public record Ahead(int waiting, long hits, long misses, long made, long removed) {
  public static final Ahead NONE = new Ahead(0, 0, 0, 0, 0);
}
