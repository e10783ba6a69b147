/** Posts to servers outside and judges their answers. Start with HttpPoster. */
@NullMarked
package dev.pipewright.spawner.post;

import org.jspecify.annotations.NullMarked;
