/** Request and answer records of the HTTP API, and its routes. Start with Routes. */
@NullMarked
package dev.pipewright.protocol.api;

import org.jspecify.annotations.NullMarked;
