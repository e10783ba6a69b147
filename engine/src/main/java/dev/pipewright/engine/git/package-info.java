/**
 * Puts the commit of a run into its workspace. The only place that uses JGit. Start with {@link
 * dev.pipewright.engine.git.Checkout}.
 */
@org.jspecify.annotations.NullMarked
package dev.pipewright.engine.git;
