package dev.pipewright.ui.http;

import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.Role;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.api.SignIn;
import dev.pipewright.protocol.api.SignInWays;
import dev.pipewright.protocol.api.TokenSelf;
import dev.pipewright.protocol.json.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Who is signed in at a {@link CannedServer}, as the real server has it. Thread-safe. */
final class CannedSessions {
  private static final String COOKIE = "pipewright_session";
  private static final Map<String, TokenSelf> PEOPLE =
      Map.of(
          CannedServer.TOKEN, TokenSelf.person(Role.ADMIN, "Ada Lovelace"),
          CannedServer.READER, TokenSelf.person(Role.VIEWER, "oidc:ron"));

  private final Map<String, TokenSelf> sessions = new ConcurrentHashMap<>();

  /** Whether reading takes a session, too. */
  volatile boolean closedReads;

  /** The host of the provider; null for none. */
  volatile @Nullable String provider;

  /** How many seconds whoever signs in has to wait; 0 for none. */
  volatile int wait;

  void mount(Router router) {
    router.route(Routes.SESSION).handler(this::session);
    router.get(Routes.SIGN_IN).handler(c -> answer(c, 200, new SignInWays(provider)));
    router.route(Routes.API + "/*").handler(this::guard);
    router.route("/wall.json").handler(this::guard);
  }

  /** Ends every session, as somebody else or the time does. */
  void end() {
    sessions.clear();
  }

  /** Who calls; null if nobody is known. */
  @Nullable TokenSelf self(HttpServerRequest request) {
    String bearer = String.valueOf(request.getHeader("Authorization")).replace("Bearer ", "");
    Cookie cookie = request.getCookie(COOKIE);
    return PEOPLE.getOrDefault(bearer, cookie == null ? null : sessions.get(cookie.getValue()));
  }

  private void guard(RoutingContext context) {
    if (closedReads && self(context.request()) == null) {
      unknown(context);
    } else {
      context.next();
    }
  }

  private void session(RoutingContext context) {
    TokenSelf self = self(context.request());
    switch (context.request().method().name()) {
      case "POST" -> context.request().body().onSuccess(body -> open(context, body));
      case "DELETE" -> {
        sessions.values().remove(self);
        context.response().setStatusCode(204).end();
      }
      default -> {
        if (self == null) {
          context.response().setStatusCode(204).end();
        } else {
          answer(context, 200, self);
        }
      }
    }
  }

  private void open(RoutingContext context, Buffer body) {
    TokenSelf person = PEOPLE.get(Json.read(body.getBytes(), SignIn.class).token());
    if (wait > 0) {
      String detail = "Try again in " + wait + " seconds.";
      problem(context, Problem.of(Problem.Code.TOO_MANY, "There were too many.", detail));
    } else if (person == null || context.request().getHeader("Pipewright-Page") == null) {
      unknown(context);
    } else {
      String secret = UUID.randomUUID().toString();
      sessions.put(secret, person);
      context
          .response()
          .putHeader("Set-Cookie", COOKIE + "=" + secret + "; Path=/; HttpOnly; SameSite=Lax");
      answer(context, 200, person);
    }
  }

  private static void unknown(RoutingContext context) {
    problem(context, Problem.of(Problem.Code.UNAUTHORIZED, "This token is not known.", null));
  }

  private static void problem(RoutingContext context, Problem problem) {
    answer(context, problem.status(), problem);
  }

  private static void answer(RoutingContext context, int status, Object body) {
    context
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(Buffer.buffer(Json.bytes(body)));
  }
}
