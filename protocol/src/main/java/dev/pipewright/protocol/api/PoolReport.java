package dev.pipewright.protocol.api;

/**
 * How the engines stand that a Spawner has started ahead of need. All but {@code waiting} are
 * counts since its start.
 *
 * @param holder the instance of the Spawner
 * @param waiting how many wait for a run now
 * @param hits launches that got one of them
 * @param misses launches that were started as if there were none
 * @param made engines that were started ahead
 * @param removed those that were removed without a run: old, ended, or of another image
 */
public record PoolReport(
    String holder, int waiting, long hits, long misses, long made, long removed) {}
