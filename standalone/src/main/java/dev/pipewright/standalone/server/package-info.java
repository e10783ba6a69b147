/** All components in one process, and the demo of them. Start with Server. */
@NullMarked
package dev.pipewright.standalone.server;

import org.jspecify.annotations.NullMarked;
