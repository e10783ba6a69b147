package dev.pipewright.dsl;

import dev.pipewright.dsl.definition.TriggerNode;

/** A trigger that takes no further words. */
record PlainTrigger(TriggerNode node) implements Trigger {}
