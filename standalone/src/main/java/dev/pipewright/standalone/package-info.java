/** The pipewright command. Start with StandaloneMain. */
@NullMarked
package dev.pipewright.standalone;

import org.jspecify.annotations.NullMarked;
