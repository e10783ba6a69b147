/** The port to whatever runs engines. Start with Launcher. */
@NullMarked
package dev.pipewright.spawner.launch;

import org.jspecify.annotations.NullMarked;
