package dev.pipewright.spawner.post;

import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a server outside answered.
 *
 * @param headers by lower-case name
 * @param body its first bytes
 */
public record Answer(int status, Map<String, String> headers, byte[] body) {
  public Answer {
    headers = Map.copyOf(headers);
  }

  /** The header with this name, if there is one. */
  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  /** True for 2xx. */
  boolean isTaken() {
    return status / 100 == 2;
  }

  /** The body as text. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** What the body says is wrong: the member {@code message} or {@code error}, or nothing. */
  String message() {
    try {
      var tree = Json.tree(body);
      return tree.at("message")
          .scalar()
          .or(() -> tree.at("error").scalar())
          .or(() -> tree.at("error", "message").scalar())
          .orElse("");
    } catch (ProtocolException e) {
      return "";
    }
  }
}
