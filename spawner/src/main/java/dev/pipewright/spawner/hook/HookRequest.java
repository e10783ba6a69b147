package dev.pipewright.spawner.hook;

import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.json.JsonTree;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One delivery as it came, taken apart step by step as it is needed. Confined to one thread. */
final class HookRequest {
  private static final String FORM = "application/x-www-form-urlencoded";

  private final HookHeaders headers;
  private final byte[] raw;
  private final Instant receivedAt;
  private byte @Nullable [] content;
  private @Nullable JsonTree tree;

  HookRequest(HookHeaders headers, byte[] raw, Instant receivedAt) {
    this.headers = headers;
    this.raw = raw;
    this.receivedAt = receivedAt;
  }

  HookHeaders headers() {
    return headers;
  }

  /** The bytes as they were sent. */
  byte[] raw() {
    return raw;
  }

  Instant receivedAt() {
    return receivedAt;
  }

  /** True if the bytes are compressed. */
  boolean isCompressed() {
    return switch (headers.single("Content-Encoding").orElse("identity").toLowerCase(Locale.ROOT)) {
      case "identity" -> false;
      case "gzip", "x-gzip" -> true;
      default ->
          throw new MalformedHookException(
              "Send the body as it is, or with Content-Encoding gzip.");
    };
  }

  /** True if the body is a form, which has the JSON in its field {@code payload}. */
  boolean isForm() {
    return headers.hasMediaType(FORM);
  }

  /**
   * The body without its content encoding.
   *
   * @throws TooLargeHookException if there is more of it than may be sent
   */
  byte[] content() {
    byte[] known = content;
    if (known == null) {
      known = isCompressed() ? inflated() : raw;
      content = known;
    }
    return known;
  }

  private byte[] inflated() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Gzip.inflate(raw, (buffer, length) -> out.write(buffer, 0, length));
    return out.toByteArray();
  }

  /** The JSON object that is the body, or that is in the form. */
  JsonTree tree() {
    JsonTree known = tree;
    if (known == null) {
      known = Json.tree(isForm() ? FormBody.payload(content()) : content());
      if (!known.isObject()) {
        throw new MalformedHookException("The body is not a JSON object.");
      }
      tree = known;
    }
    return known;
  }
}
