package dev.pipewright.state;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.SecretView;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A secret as it is kept.
 *
 * @param source whose runs may have it; null for all
 * @param sealed its value, see {@link SecretBox}
 */
record SecretRecord(
    String name,
    @Nullable SourceName source,
    String sealed,
    String setBy,
    Instant setAt,
    @Nullable Instant usedAt,
    @Nullable RunId usedBy) {

  /** What its value is sealed for, and where it is kept. */
  static String id(String name, @Nullable SourceName source) {
    return "secret|" + (source == null ? "" : source) + "|" + name;
  }

  String id() {
    return id(name, source);
  }

  SecretRecord used(RunId by, Instant at) {
    return new SecretRecord(name, source, sealed, setBy, setAt, at, by);
  }

  SecretRecord resealed(String again) {
    return new SecretRecord(name, source, again, setBy, setAt, usedAt, usedBy);
  }

  SecretView view() {
    return new SecretView(name, source, setBy, setAt, usedAt, usedBy);
  }
}
