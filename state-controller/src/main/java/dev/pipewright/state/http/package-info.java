/**
 * The HTTP door of the State-Controller; the only place here that knows Vert.x. Start with
 * StateController.
 */
@NullMarked
package dev.pipewright.state.http;

import org.jspecify.annotations.NullMarked;
