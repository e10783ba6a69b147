package dev.pipewright.protocol.api;

import org.jspecify.annotations.Nullable;

/** A registered repository with the secret of its webhooks; only services see it. */
public record SourceWithSecret(SourceView source, @Nullable String secret) {
  @Override
  public String toString() {
    return "SourceWithSecret[" + source + "]";
  }
}
