package dev.pipewright.dsl.definition;

import org.jspecify.annotations.Nullable;

/**
 * How much the containers of a pipeline's runs ask for.
 *
 * @param memory a size such as 512m; null for as much as the server allows
 * @param cpus how many processors' worth of time; null for as many as the server allows
 * @param location the call that asked last
 */
public record ResourcesNode(
    @Nullable String memory, @Nullable Double cpus, SourceLocation location) {

  /**
   * The memory as a number.
   *
   * @return bytes; null if nothing is asked for
   * @throws NumberFormatException if the size is none, which the check of definitions reports
   */
  public @Nullable Long memoryBytes() {
    return memory == null ? null : Texts.bytes(memory);
  }

  /**
   * Of a pipeline that asks for nothing.
   *
   * @param location the call that named the pipeline
   * @return such resources
   */
  public static ResourcesNode unspecified(SourceLocation location) {
    return new ResourcesNode(null, null, location);
  }
}
