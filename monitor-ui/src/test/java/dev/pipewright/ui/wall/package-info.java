/** Tests of the settings of the wall. */
@NullMarked
package dev.pipewright.ui.wall;

import org.jspecify.annotations.NullMarked;
