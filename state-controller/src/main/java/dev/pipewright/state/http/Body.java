package dev.pipewright.state.http;

import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Problem;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request.
 *
 * @param bytes empty if there is none, or the route declares none
 * @param type the header Content-Type
 * @param declared what the route says that it takes; null for nothing
 */
record Body(byte[] bytes, @Nullable String type, RouteDoc.@Nullable Request declared) {

  boolean isEmpty() {
    return bytes.length == 0;
  }

  /**
   * The body as a {@code wanted}, which must be what the route declares.
   *
   * @throws ApiException UNSUPPORTED if it does not say that it is JSON; pages of other sites can
   *     send anything else without being asked
   * @throws ProtocolException naming what is wrong with it
   */
  <T> T read(Class<T> wanted) {
    if (declared == null || declared.type() != wanted) {
      throw new IllegalStateException("The route does not say that it takes " + wanted + ".");
    }
    if (!isEmpty() && !isJson()) {
      throw new ApiException(
          Problem.Code.UNSUPPORTED,
          "A body here is JSON and says so.",
          "Send the header Content-Type: application/json.");
    }
    return Bodies.read(bytes, wanted);
  }

  private boolean isJson() {
    return type != null
        && type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(RouteDoc.JSON);
  }
}
