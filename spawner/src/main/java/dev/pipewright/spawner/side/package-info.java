/** Containers beside engines: claimed, started, watched, reported. Start with SideQueue. */
@NullMarked
package dev.pipewright.spawner.side;

import org.jspecify.annotations.NullMarked;
