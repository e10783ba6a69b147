package dev.pipewright.protocol.run;

import org.jspecify.annotations.Nullable;

/**
 * What the units of a run took up, as far as that could be seen; null where it could not.
 *
 * @param cpuMillis time of processors, of all its processes together
 * @param memoryPeak the most bytes of memory at once; in containers with the cached parts of files
 * @param disk the most bytes of the workspace and of what was written beside it
 */
public record ResourceUse(
    @Nullable Long cpuMillis, @Nullable Long memoryPeak, @Nullable Long disk) {

  /** What this and an earlier unit of the same run took up: times add up, sizes do not. */
  public ResourceUse after(@Nullable ResourceUse earlier) {
    return earlier == null
        ? this
        : new ResourceUse(
            sum(cpuMillis, earlier.cpuMillis),
            most(memoryPeak, earlier.memoryPeak),
            most(disk, earlier.disk));
  }

  private static @Nullable Long sum(@Nullable Long one, @Nullable Long other) {
    return one == null || other == null ? either(one, other) : Long.valueOf(one + other);
  }

  private static @Nullable Long most(@Nullable Long one, @Nullable Long other) {
    return one == null || other == null ? either(one, other) : Long.valueOf(Math.max(one, other));
  }

  private static @Nullable Long either(@Nullable Long one, @Nullable Long other) {
    return one == null ? other : one;
  }
}
