/** Serves the console, the wall and their files; the only package here that knows Vert.x. */
@NullMarked
package dev.pipewright.ui.http;

import org.jspecify.annotations.NullMarked;
