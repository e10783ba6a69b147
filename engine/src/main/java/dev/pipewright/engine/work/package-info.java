/**
 * Performs what a single task says: commands, Java bodies, the checkout. Start with {@link
 * dev.pipewright.engine.work.Work}.
 */
@org.jspecify.annotations.NullMarked
package dev.pipewright.engine.work;
