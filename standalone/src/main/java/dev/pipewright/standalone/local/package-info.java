/** The commands that need no server: init, check, plan and run, on the working tree. */
@NullMarked
package dev.pipewright.standalone.local;

import org.jspecify.annotations.NullMarked;
