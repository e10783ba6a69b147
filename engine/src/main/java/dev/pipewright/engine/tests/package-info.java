/** Test reports that steps leave. Start with {@link dev.pipewright.engine.tests.ReportShelf}. */
@org.jspecify.annotations.NullMarked
package dev.pipewright.engine.tests;
