/** Reads the cctray feeds of other servers for the wall. Everything in a feed is untrusted. */
@NullMarked
package dev.pipewright.ui.feed;

import org.jspecify.annotations.NullMarked;
