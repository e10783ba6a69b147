/** Caches, packed and unpacked. */
@org.jspecify.annotations.NullMarked
package dev.pipewright.engine.cache;
