package dev.pipewright.protocol.api;

import dev.pipewright.protocol.SourceName;
import org.jspecify.annotations.Nullable;

/**
 * A repository to register. {@code forge} is the word of a {@link ForgeKind} (default plain-git);
 * {@code folder} holds the pipeline code (default .pipewright); {@code secret} signs its webhooks;
 * {@code foreign} is the word of a {@link ForeignPolicy} (default hold).
 */
public record SourceSpec(
    SourceName name,
    String url,
    @Nullable String forge,
    @Nullable String secret,
    @Nullable String folder,
    @Nullable String defaultBranch,
    @Nullable String foreign) {

  /** A repository that holds the runs of commits that anybody may have made. */
  public SourceSpec(
      SourceName name,
      String url,
      @Nullable String forge,
      @Nullable String secret,
      @Nullable String folder,
      @Nullable String defaultBranch) {
    this(name, url, forge, secret, folder, defaultBranch, null);
  }
}
