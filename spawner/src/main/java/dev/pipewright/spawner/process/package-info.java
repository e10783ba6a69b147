/**
 * Runs engines as child processes of this machine, without isolation. Start with ProcessLauncher.
 */
@NullMarked
package dev.pipewright.spawner.process;

import org.jspecify.annotations.NullMarked;
