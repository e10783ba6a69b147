package dev.pipewright.state.http;

import static dev.pipewright.state.http.Endpoint.get;
import static dev.pipewright.state.http.Endpoint.post;

import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.SignIn;
import dev.pipewright.protocol.api.SignInWays;
import dev.pipewright.protocol.api.TokenSelf;
import dev.pipewright.protocol.api.TokenSpec;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.state.Sessions;
import dev.pipewright.state.SignInLimits;
import dev.pipewright.state.Tokens.Identity;
import dev.pipewright.state.UseCases;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The routes of who people are: their tokens, their sessions, and what they did. */
final class PeopleEndpoints {
  private static final int USUAL_PAGE = 50;

  private final UseCases cases;
  private final SignInLimits limits;
  private final SessionCookie cookie;
  private final @Nullable String provider;

  /**
   * @param provider the host of who else signs people in; null if nobody does
   */
  PeopleEndpoints(
      UseCases cases, SignInLimits limits, SessionCookie cookie, @Nullable String provider) {
    this.cases = cases;
    this.limits = limits;
    this.cookie = cookie;
    this.provider = provider;
  }

  List<Endpoint> all() {
    return List.of(
        get("/tokens", Need.ADMIN, call -> Reply.ok(cases.tokens().people().all())),
        post(
            "/tokens",
            Need.ADMIN,
            call ->
                Reply.json(
                    201, cases.tokens().people().add(call.read(TokenSpec.class), call.caller()))),
        new Endpoint("DELETE", "/tokens/:name", Need.ADMIN, Endpoint.NO_BODY, this::removeToken),
        get("/session", Need.NOTHING, PeopleEndpoints::whoami),
        new Endpoint("POST", "/session", Need.NOTHING, Endpoint.NO_BODY, this::signIn),
        new Endpoint("DELETE", "/session", Need.NOTHING, Endpoint.NO_BODY, this::signOut),
        get("/sign-in", Need.NOTHING, call -> Reply.ok(new SignInWays(provider))),
        get(
            "/audit",
            Need.ADMIN,
            call -> Reply.ok(cases.audit().list(call.limit(USUAL_PAGE), call.text("after")))));
  }

  private Reply removeToken(Call call) {
    cases.tokens().people().remove(call.segment(1), call.caller());
    return Reply.empty();
  }

  private static Reply whoami(Call call) {
    Identity identity = call.identity();
    return identity == null ? Reply.empty() : Reply.ok(identity.self());
  }

  private Reply signIn(Call call) {
    if (!call.knock().ownPage()) {
      throw new ApiException(
          Problem.Code.FORBIDDEN,
          "Only a page of this server may open a session.",
          "Programs send the header Authorization: Bearer TOKEN, and need no session.");
    }
    String address = call.knock().address();
    Duration wait = limits.wait(address);
    if (wait.isPositive()) {
      return tooMany(wait);
    }
    String token = call.read(SignIn.class).token();
    Optional<TokenSelf> person =
        cases.tokens().identify(token).map(Identity::self).filter(self -> self.role().isPresent());
    if (person.isEmpty()) {
      limits.failed(address);
      throw new ApiException(
          Problem.Code.UNAUTHORIZED,
          "This token is not known, or not any more.",
          "Sign in with a token of a person: pipewright tokens add NAME makes one.");
    }
    String secret = cases.tokens().sessions().open(person.get(), token);
    noteSession(person.get(), "open a session", call);
    return new Reply.Whole(
        200, "application/json", Json.bytes(person.get()), cookie.begin(secret, Sessions.LONGEST));
  }

  private void noteSession(TokenSelf who, String what, Call call) {
    cases.audit().add(who, what, "/session", 200, call.knock().address());
  }

  private static Reply tooMany(Duration wait) {
    Problem problem =
        Problem.of(
            Problem.Code.TOO_MANY,
            "There were too many failed attempts to sign in.",
            "Try again in %d seconds.".formatted(seconds(wait)));
    return new Reply.Whole(
        problem.status(),
        Problems.MEDIA,
        Json.bytes(problem),
        Map.of("Retry-After", Long.toString(seconds(wait))));
  }

  private static long seconds(Duration wait) {
    return Math.max(1, wait.plusMillis(999).toSeconds());
  }

  private Reply signOut(Call call) {
    @Nullable String session = call.knock().session();
    if (session != null) {
      cases.tokens().sessions().close(session);
      if (call.identity() != null) {
        noteSession(call.identity().self(), "end a session", call);
      }
    }
    return new Reply.Whole(204, "", new byte[0], cookie.end());
  }
}
