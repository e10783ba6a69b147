/**
 * The identifiers every component shares, one small record each, and what each would else do in a
 * way of its own: patterns, URLs, folders. Start with RunId.
 */
@NullMarked
package dev.pipewright.protocol;

import org.jspecify.annotations.NullMarked;
