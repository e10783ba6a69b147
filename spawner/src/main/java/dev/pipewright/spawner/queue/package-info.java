/** The way of a queued run to its end: claim, launch, watch, report. Start with RunQueue. */
@NullMarked
package dev.pipewright.spawner.queue;

import org.jspecify.annotations.NullMarked;
