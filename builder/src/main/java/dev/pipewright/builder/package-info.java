/**
 * Turns the pipeline code of a commit into a bundle, and a base image into the image runs use.
 * Builder starts it all; Versions is the way of a version request and the file to read first.
 */
@NullMarked
package dev.pipewright.builder;

import org.jspecify.annotations.NullMarked;
