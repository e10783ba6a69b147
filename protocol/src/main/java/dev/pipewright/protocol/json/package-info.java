/** The only place that configures JSON. Everybody reads and writes through Json. */
@NullMarked
package dev.pipewright.protocol.json;

import org.jspecify.annotations.NullMarked;
