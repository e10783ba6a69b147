package dev.pipewright.test;

/**
 * What a walk over all places of a run came to, in which an engine was lost at each of them.
 *
 * @param places how many places there were
 * @param engines how many engines there were in all
 */
public record CrashReport(int places, int engines) {}
