/** Keeps the values of secrets out of everything that is stored. Start with Mask. */
@NullMarked
package dev.pipewright.state.mask;

import org.jspecify.annotations.NullMarked;
