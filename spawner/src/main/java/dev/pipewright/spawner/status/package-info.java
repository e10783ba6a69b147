/** Says to each kind of forge how a commit stands. Start with StatusApi. */
@NullMarked
package dev.pipewright.spawner.status;

import org.jspecify.annotations.NullMarked;
