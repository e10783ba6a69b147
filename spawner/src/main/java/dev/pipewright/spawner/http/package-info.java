/** The Spawner's routes; the only place here that knows Vert.x. Start with SpawnerRoutes. */
@NullMarked
package dev.pipewright.spawner.http;

import org.jspecify.annotations.NullMarked;
