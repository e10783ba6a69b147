/** Folders that survive between runs. Start with {@link dev.pipewright.engine.cache.Caches}. */
@org.jspecify.annotations.NullMarked
package dev.pipewright.engine.cache;
