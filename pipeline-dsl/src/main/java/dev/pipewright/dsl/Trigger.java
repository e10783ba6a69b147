package dev.pipewright.dsl;

/** What may start a run; made by the words in {@link Triggers}. Immutable. */
public sealed interface Trigger permits PushTrigger, PullRequestTrigger, PlainTrigger {}
