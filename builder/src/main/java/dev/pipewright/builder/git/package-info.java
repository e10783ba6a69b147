/**
 * Bare mirrors of the sources: the only place that knows JGit. Mirrors hands out one Mirror per
 * source; start with Mirror.
 */
@NullMarked
package dev.pipewright.builder.git;

import org.jspecify.annotations.NullMarked;
