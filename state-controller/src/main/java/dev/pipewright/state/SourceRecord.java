package dev.pipewright.state;

import dev.pipewright.protocol.api.SourceView;
import org.jspecify.annotations.Nullable;

/** A registered repository as it is kept; its secret is sealed. */
public record SourceRecord(SourceView view, @Nullable String sealedSecret) {}
