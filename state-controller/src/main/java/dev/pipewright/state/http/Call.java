package dev.pipewright.state.http;

import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.state.Tokens.Identity;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request as the use cases need it, free of the HTTP library.
 *
 * @param segments the parts of the path after {@code /api/v1}, still encoded
 * @param query the parameters that the route declares, and no others
 * @param identity whose token came with it; null for none
 * @param knock what it came in by
 */
record Call(
    List<String> segments,
    Map<String, String> query,
    Map<String, String> headers,
    @Nullable Identity identity,
    Body body,
    InputStream content,
    Knock knock) {
  private static final long LONGEST_WAIT = 60_000;
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  /** The part of the path with this index, decoded. */
  String segment(int index) {
    return decoded(segments.get(index));
  }

  /** Everything from this part on, decoded part by part. */
  String rest(int index) {
    return String.join(
        "/", segments.subList(index, segments.size()).stream().map(Call::decoded).toList());
  }

  private static String decoded(String segment) {
    try {
      return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new ProtocolException("The path is not well encoded: " + e.getMessage() + ".", e);
    }
  }

  /** The run in the second part of the path. */
  RunId run() {
    return RunId.parse(segment(1));
  }

  /** The part of the path with this index, as a small number. */
  int pathNumber(int index) {
    try {
      return Integer.parseInt(segment(index));
    } catch (NumberFormatException e) {
      throw new ProtocolException("The path has a number at the end.", e);
    }
  }

  <T> T read(Class<T> type) {
    return body.read(type);
  }

  @Nullable String text(String name) {
    String value = query.get(name);
    return value == null || value.isEmpty() ? null : value;
  }

  long number(String name, long otherwise) {
    String value = text(name);
    if (value == null) {
      return otherwise;
    }
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new ProtocolException("'" + name + "' must be a whole number.", e);
    }
  }

  long requiredNumber(String name) {
    if (text(name) == null) {
      throw new ProtocolException("The parameter '" + name + "' is missing.");
    }
    return number(name, 0);
  }

  /** The moment so many milliseconds after 1970; null if the parameter is missing. */
  @Nullable Instant time(String name) {
    if (text(name) == null) {
      return null;
    }
    Instant found = Instant.ofEpochMilli(number(name, 0));
    if (found.isBefore(Instant.EPOCH) || found.isAfter(LATEST)) {
      throw new ProtocolException(
          "'" + name + "' must be milliseconds since 1970, before the year 10000.");
    }
    return found;
  }

  /** How many entries are asked for; a list gives no more than its largest page. */
  int limit(int otherwise) {
    long limit = number("limit", otherwise);
    if (limit < 1) {
      throw new ProtocolException("'limit' must be at least 1.");
    }
    return (int) Math.min(limit, Integer.MAX_VALUE);
  }

  /** How long the caller is ready to wait. */
  Duration patience() {
    return Duration.ofMillis(Math.clamp(number("wait", 0), 0, LONGEST_WAIT));
  }

  String holder() {
    String holder = text("holder");
    if (holder == null || holder.length() > 200) {
      throw new ApiException(
          Problem.Code.MALFORMED,
          "The parameter 'holder' is missing or too long.",
          "Name the instance that claims, always the same over its restarts.");
    }
    return holder;
  }

  /** The name of whoever calls, for the record. */
  String caller() {
    return identity == null ? "admin" : identity.self().name();
  }

  /** The launch the token of this call was made for. */
  long fence() {
    return identity == null ? 0 : identity.fence();
  }
}
