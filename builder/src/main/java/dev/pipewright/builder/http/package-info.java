/**
 * The Builder's HTTP side: read-only git access to the mirrors, for the run a token belongs to.
 * Start with GitRoutes.
 */
@NullMarked
package dev.pipewright.builder.http;

import org.jspecify.annotations.NullMarked;
