/**
 * What runs run in: images with our Java and engine on top of a base, and the engine's command on
 * this machine. The only place that knows docker-java. Start with RuntimeImages.
 */
@NullMarked
package dev.pipewright.builder.image;

import org.jspecify.annotations.NullMarked;
