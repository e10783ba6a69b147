/** The commands that talk to a server, over its public API and nothing else. */
@NullMarked
package dev.pipewright.standalone.client;

import org.jspecify.annotations.NullMarked;
