package dev.pipewright.engine.execute;

import dev.pipewright.engine.git.Checkout;
import dev.pipewright.engine.report.Reporter;
import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.engine.step.Commands;
import dev.pipewright.engine.step.Facts;

/**
 * What all steps of one run share. Thread-safe.
 *
 * @param facts what is known of the run
 * @param commands starts processes
 * @param checkout brings the commit
 * @param reporter is told everything
 * @param selection which steps are wanted
 * @param abort ends everything, {@code ensure} steps too; nothing can be reported any more or
 *     nobody wants to wait
 */
public record RunContext(
    Facts facts,
    Commands commands,
    Checkout checkout,
    Reporter reporter,
    Selection selection,
    Cancellation abort) {}
