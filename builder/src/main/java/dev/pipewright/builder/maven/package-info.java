/**
 * Libraries of pipeline code from a Maven repository: the only place that knows Maven Resolver. No
 * code of a library runs here. Start with MavenLibraries.
 */
@NullMarked
package dev.pipewright.builder.maven;

import org.jspecify.annotations.NullMarked;
