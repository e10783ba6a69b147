package dev.pipewright.protocol.api;

import dev.pipewright.protocol.SourceName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A registered repository; {@code signed} if its webhooks must be signed, {@code foreign} what is
 * done with commits that anybody may have made.
 */
public record SourceView(
    SourceName name,
    String url,
    String forge,
    String folder,
    @Nullable String defaultBranch,
    boolean signed,
    Instant createdAt,
    ForeignPolicy foreign) {
  public SourceView {
    foreign = foreign == null ? ForeignPolicy.HOLD : foreign;
  }
}
