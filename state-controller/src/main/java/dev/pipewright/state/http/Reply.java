package dev.pipewright.state.http;

import dev.pipewright.protocol.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** An answer before it is written. */
sealed interface Reply {

  /** The HTTP status. */
  int status();

  /** Headers beside type and length. */
  Map<String, String> headers();

  /**
   * A whole answer.
   *
   * @param unsent what is to be done if it cannot be sent because the caller is gone
   */
  record Whole(int status, String type, byte[] body, Map<String, String> headers, Runnable unsent)
      implements Reply {
    Whole(int status, String type, byte[] body, Map<String, String> headers) {
      this(status, type, body, headers, () -> {});
    }
  }

  /** An answer that is read while it is written; the writer closes {@code content}. */
  record Streamed(
      int status, String type, long length, InputStream content, Map<String, String> headers)
      implements Reply {}

  /** An answer of unknown length that writes itself, once, also if nobody reads it any more. */
  record Written(int status, String type, Content content, Map<String, String> headers)
      implements Reply {

    /** What is written. */
    interface Content {
      void writeTo(OutputStream out) throws IOException;
    }
  }

  /** A value as JSON. */
  static Reply json(int status, Object value) {
    return new Whole(status, "application/json", Json.bytes(value), Map.of());
  }

  /** A value as JSON with 200. */
  static Reply ok(Object value) {
    return json(200, value);
  }

  /** What was claimed, which goes back if it cannot be sent; 204 for nothing. */
  static <T> Reply claimed(Optional<T> work, Consumer<T> giveBack) {
    return work.<Reply>map(
            found ->
                new Whole(
                    200,
                    "application/json",
                    Json.bytes(found),
                    Map.of(),
                    () -> giveBack.accept(found)))
        .orElseGet(Reply::empty);
  }

  /** Nothing to tell. */
  static Reply empty() {
    return new Whole(204, "", new byte[0], Map.of());
  }

  /** Text with 200. */
  static Reply text(String type, String text) {
    return new Whole(200, type, text.getBytes(StandardCharsets.UTF_8), Map.of());
  }
}
