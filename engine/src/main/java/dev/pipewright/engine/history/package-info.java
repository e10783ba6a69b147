/**
 * What is known of a run from the events of the engines before this one. Start with {@link
 * dev.pipewright.engine.history.History}.
 */
@org.jspecify.annotations.NullMarked
package dev.pipewright.engine.history;
