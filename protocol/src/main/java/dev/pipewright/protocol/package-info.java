/** The identifiers every component shares, one small record each. Start with RunId. */
@NullMarked
package dev.pipewright.protocol;

import org.jspecify.annotations.NullMarked;
