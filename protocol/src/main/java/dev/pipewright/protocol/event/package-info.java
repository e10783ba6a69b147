/** What an engine reports about a run, one record per event. Start with RunEvent. */
@NullMarked
package dev.pipewright.protocol.event;

import org.jspecify.annotations.NullMarked;
