/**
 * Turns a definition into a plan: assigns step paths and finds every problem. Start with {@link
 * dev.pipewright.engine.plan.PlanReader}.
 */
@org.jspecify.annotations.NullMarked
package dev.pipewright.engine.plan;
