/** Finds files of a workspace. Start with {@link dev.pipewright.engine.files.WorkspaceFiles}. */
@org.jspecify.annotations.NullMarked
package dev.pipewright.engine.files;
