/**
 * What users see, tried on the real thing: a server in a process of its own, real git, real HTTP.
 */
@NullMarked
package dev.pipewright.e2e;

import org.jspecify.annotations.NullMarked;
