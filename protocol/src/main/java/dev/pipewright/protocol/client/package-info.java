/** Thin blocking HTTP clients of the State-Controller, one per role. Start with HttpTransport. */
@NullMarked
package dev.pipewright.protocol.client;

import org.jspecify.annotations.NullMarked;
