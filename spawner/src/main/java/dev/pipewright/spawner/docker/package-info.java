/**
 * Runs engines as containers of a Docker daemon; the only place that knows docker-java. Start with
 * DockerLauncher.
 */
@NullMarked
package dev.pipewright.spawner.docker;

import org.jspecify.annotations.NullMarked;
