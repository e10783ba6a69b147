/**
 * How well-known build monitors read a cctray feed, each on its own from the described behaviour of
 * the program: what it demands, what it passes over, and what it shows then. Start with Seen.
 */
@NullMarked
package dev.pipewright.state.feed.clients;

import org.jspecify.annotations.NullMarked;
