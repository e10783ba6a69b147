/**
 * The way of a delivery from its receipt to the runs it causes. Start with Reception, then Inbox.
 */
@NullMarked
package dev.pipewright.spawner.inbox;

import org.jspecify.annotations.NullMarked;
