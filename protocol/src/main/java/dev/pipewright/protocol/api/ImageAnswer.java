package dev.pipewright.protocol.api;

import org.jspecify.annotations.Nullable;

/** Where an image request stands; {@code image} is an immutable reference once READY. */
public record ImageAnswer(
    VersionAnswer.State state, @Nullable String image, @Nullable String reason) {}
