/**
 * Feeds for build monitors. Wording for others is made here, never in the domain. Start with
 * Cctray.
 */
@NullMarked
package dev.pipewright.state.feed;

import org.jspecify.annotations.NullMarked;
