/**
 * Where a run is reported: to a server, or to files. Start with {@link
 * dev.pipewright.engine.report.Reporter}.
 */
@org.jspecify.annotations.NullMarked
package dev.pipewright.engine.report;
