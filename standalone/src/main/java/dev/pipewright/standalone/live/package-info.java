/**
 * A local run as a tree that is redrawn in place. Start with {@link
 * dev.pipewright.standalone.live.LiveTree}.
 */
@NullMarked
package dev.pipewright.standalone.live;

import org.jspecify.annotations.NullMarked;
