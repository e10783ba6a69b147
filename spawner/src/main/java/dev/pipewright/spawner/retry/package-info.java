/** Rides out short outages of the State-Controller. Start with Retries. */
@NullMarked
package dev.pipewright.spawner.retry;

import org.jspecify.annotations.NullMarked;
