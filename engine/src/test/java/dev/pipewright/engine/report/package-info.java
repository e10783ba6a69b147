/** The way of reports to the server, piece by piece. */
@org.jspecify.annotations.NullMarked
package dev.pipewright.engine.report;
