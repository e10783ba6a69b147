package dev.pipewright.state.http;

import dev.pipewright.protocol.api.Routes;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What a request brings to be let in.
 *
 * @param writes whether it may change anything
 * @param authorization the header of that name
 * @param parameter the token in the address
 * @param session the secret in the cookie
 * @param ownPage whether one of our own pages sent it, which a page of another site cannot feign
 * @param address the network address it came from
 */
record Knock(
    boolean writes,
    @Nullable String authorization,
    @Nullable String parameter,
    @Nullable String session,
    boolean ownPage,
    String address) {

  static Knock of(HttpServerRequest request) {
    String method = request.method().name();
    Cookie cookie = request.getCookie(Routes.SESSION_COOKIE);
    return new Knock(
        !method.equals("GET") && !method.equals("HEAD"),
        request.getHeader("Authorization"),
        request.getParam("access_token"),
        cookie == null ? null : cookie.getValue(),
        request.getHeader(Routes.PAGE_HEADER) != null
            && isOwnSite(request.getHeader("Sec-Fetch-Site"))
            && isOwnOrigin(request.getHeader("Origin"), request.getHeader("Host")),
        request.remoteAddress() == null ? "" : String.valueOf(request.remoteAddress().host()));
  }

  private static boolean isOwnSite(@Nullable String site) {
    return site == null || site.equals("same-origin") || site.equals("none");
  }

  /** Behind a proxy the Host may be another one; such proxies must pass it on. */
  private static boolean isOwnOrigin(@Nullable String origin, @Nullable String host) {
    if (origin == null) {
      return true;
    }
    try {
      String authority = URI.create(origin).getAuthority();
      return authority != null && authority.equalsIgnoreCase(host);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
