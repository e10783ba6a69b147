/** Judges webhooks: pure functions from headers and raw bytes to a verdict. Start with Hooks. */
@NullMarked
package dev.pipewright.spawner.hook;

import org.jspecify.annotations.NullMarked;
