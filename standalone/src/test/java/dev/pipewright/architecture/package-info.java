/** Rules about the structure of the whole, each with its reason. */
@NullMarked
package dev.pipewright.architecture;

import org.jspecify.annotations.NullMarked;
