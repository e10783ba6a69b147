package dev.pipewright.builder.maven;

import dev.pipewright.builder.meta.LibraryLock;
import java.nio.file.Path;
import java.util.List;

/**
 * Libraries that are on this machine's disk.
 *
 * @param lock which they are
 * @param jars their files, in the order of the lock
 */
public record ResolvedLibraries(LibraryLock lock, List<Path> jars) {
  public ResolvedLibraries {
    jars = List.copyOf(jars);
  }
}
