/** Test reports of many tools, also broken and hostile ones. */
@org.jspecify.annotations.NullMarked
package dev.pipewright.engine.tests;
