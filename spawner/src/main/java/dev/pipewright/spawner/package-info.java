/**
 * Receives webhooks, decides which runs a commit causes, starts and ends them. Start with Spawner.
 */
@NullMarked
package dev.pipewright.spawner;

import org.jspecify.annotations.NullMarked;
