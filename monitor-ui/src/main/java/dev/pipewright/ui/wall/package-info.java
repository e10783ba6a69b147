/** The settings of the wall, kept in a file on the server. Start with WallFile. */
@NullMarked
package dev.pipewright.ui.wall;

import org.jspecify.annotations.NullMarked;
