/**
 * What is told to the world outside: statuses to forges, notifications to people. Start with
 * Outbox.
 */
@NullMarked
package dev.pipewright.state.outbox;

import org.jspecify.annotations.NullMarked;
