/** Sends what the State-Controller has to tell the world outside. Start with Sender. */
@NullMarked
package dev.pipewright.spawner.outbox;

import org.jspecify.annotations.NullMarked;
