package dev.pipewright.state.http;

import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.TokenSelf;
import dev.pipewright.state.Audit;
import dev.pipewright.state.Sessions;
import dev.pipewright.state.SignInLimits;
import dev.pipewright.state.oidc.OidcConfig;
import dev.pipewright.state.oidc.OidcException;
import dev.pipewright.state.oidc.OidcSignIn;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The two addresses by which browsers go to the provider and come back from it. */
final class OidcRoutes {
  /** Where a browser begins; {@code return} is the path it wants to end at. */
  static final String BEGIN = "/login/oidc";

  /** Says that the provider is to ask who it is, even if it knows. */
  static final String ANOTHER = "another";

  private static final Logger log = LoggerFactory.getLogger(OidcRoutes.class);

  private final @Nullable OidcSignIn oidc;
  private final Sessions sessions;
  private final Audit audit;
  private final SignInLimits limits;
  private final SessionCookie cookie;

  /**
   * @param oidc the provider; null if there is none, which is said then
   */
  OidcRoutes(
      @Nullable OidcSignIn oidc,
      Sessions sessions,
      Audit audit,
      SignInLimits limits,
      SessionCookie cookie) {
    this.oidc = oidc;
    this.sessions = sessions;
    this.audit = audit;
    this.limits = limits;
    this.cookie = cookie;
  }

  /** What is done for a browser, and may block. */
  private interface Visit {
    Reply reply(OidcSignIn provider, HttpServerRequest request, String address)
        throws OidcException;
  }

  void mount(Router router, Executor threads) {
    router.get(BEGIN).handler(ctx -> receive(ctx, threads, this::begin));
    router.get(OidcConfig.CALLBACK).handler(ctx -> receive(ctx, threads, this::finish));
  }

  private void receive(RoutingContext ctx, Executor threads, Visit visit) {
    ctx.put(Answers.CONTEXT, ctx.vertx().getOrCreateContext());
    threads.execute(() -> Answers.write(ctx, answer(ctx.request(), visit)));
  }

  private Reply answer(HttpServerRequest request, Visit visit) {
    SignInPage.Way again = again(request.getParam("return"), isAnother(request));
    if (oidc == null) {
      return SignInPage.of(
          404, "There is no other way to sign in", "This server was given no provider.", null);
    }
    String address = Knock.of(request).address();
    Duration wait = limits.wait(address);
    if (wait.isPositive()) {
      return SignInPage.of(
          Problem.Code.TOO_MANY.status(),
          "There were too many failed attempts to sign in",
          "Try again in %d seconds.".formatted(wait.plusMillis(999).toSeconds()),
          again);
    }
    try {
      return visit.reply(oidc, request, address);
    } catch (OidcException e) {
      if (e.kind().isSuspicious()) {
        limits.failed(address);
      }
      log.atWarn()
          .addKeyValue("kind", e.kind())
          .addKeyValue("from", address)
          .addKeyValue("reason", e.getMessage())
          .addKeyValue("cause", e.getCause())
          .log("Nobody was signed in");
      boolean isOther = e.kind() == OidcException.Kind.NO_ROLE;
      return SignInPage.of(
          e.kind().status(),
          title(e.kind()),
          words(e),
          e.returnTo() == null ? again : again(e.returnTo(), isOther));
    } catch (RuntimeException e) {
      return SignInPage.of(500, "You are not signed in", Problems.of(e, BEGIN).title(), again);
    }
  }

  private static String title(OidcException.Kind kind) {
    return switch (kind) {
      case AWAY -> "The sign-in service is not there";
      case NO_ROLE -> "You may not come in";
      case UNEXPECTED, UNPROVEN, DECLINED -> "You are not signed in";
    };
  }

  private static String words(OidcException e) {
    String message = String.valueOf(e.getMessage());
    return e.kind() == OidcException.Kind.AWAY
        ? message + " Try again later, or sign in with a token. Everything else here goes on."
        : message;
  }

  private static SignInPage.Way again(@Nullable String returnTo, boolean isAnother) {
    String path = URLEncoder.encode(OidcSignIn.localPath(returnTo), StandardCharsets.UTF_8);
    return new SignInPage.Way(
        BEGIN + "?return=" + path + (isAnother ? "&" + ANOTHER + "=1" : ""),
        isAnother ? "Sign in as somebody else" : "Try again");
  }

  private static boolean isAnother(HttpServerRequest request) {
    return request.getParam(ANOTHER) != null;
  }

  private Reply begin(OidcSignIn provider, HttpServerRequest request, String address)
      throws OidcException {
    OidcSignIn.Wish wish = new OidcSignIn.Wish(request.getParam("return"), isAnother(request));
    OidcSignIn.Begun begun = provider.begin(wish, secret(request), address);
    return SignInPage.moved(begun.provider().toString(), cookie.signIn(begun.browser()));
  }

  private static @Nullable String secret(HttpServerRequest request) {
    Cookie cookie = request.getCookie(SessionCookie.SIGN_IN);
    return cookie == null ? null : cookie.getValue();
  }

  private Reply finish(OidcSignIn provider, HttpServerRequest request, String address)
      throws OidcException {
    OidcSignIn.Person person =
        provider.finish(
            new OidcSignIn.Answer(
                request.getParam("state"),
                request.getParam("code"),
                request.getParam("iss"),
                request.getParam("error")),
            secret(request));
    TokenSelf self = TokenSelf.person(person.role(), person.name());
    String session = sessions.open(self, null);
    audit.add(
        self,
        "open a session",
        "/session?subject=" + URLEncoder.encode(person.subject(), StandardCharsets.UTF_8),
        200,
        address);
    return SignInPage.moved(person.returnTo(), cookie.begin(session, Sessions.LONGEST_BY_PROVIDER));
  }
}
