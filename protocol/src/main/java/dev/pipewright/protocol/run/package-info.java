/**
 * What a run is: its plan, its states, and the one rule that folds them. Start with RunSnapshot.
 */
@NullMarked
package dev.pipewright.protocol.run;

import org.jspecify.annotations.NullMarked;
