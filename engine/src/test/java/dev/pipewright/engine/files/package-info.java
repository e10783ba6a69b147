/** Finding files of a workspace. */
@org.jspecify.annotations.NullMarked
package dev.pipewright.engine.files;
