package dev.pipewright.engine.cache;

/**
 * How much one cache may hold.
 *
 * @param packed bytes of the archive
 * @param unpacked bytes of all files in it
 * @param entries files, folders and links
 */
record CacheLimits(long packed, long unpacked, int entries) {
  /** What is enough for the dependencies of any project. */
  static final CacheLimits DEFAULT =
      new CacheLimits(512L * 1024 * 1024, 8L * 1024 * 1024 * 1024, 1_000_000);
}
