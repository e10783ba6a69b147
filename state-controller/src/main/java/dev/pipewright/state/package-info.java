/**
 * The use cases of the State-Controller and the rules they follow. Start with RunTransitions, then
 * Runs.
 */
@NullMarked
package dev.pipewright.state;

import org.jspecify.annotations.NullMarked;
