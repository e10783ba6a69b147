package dev.pipewright.state.http;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.TokenSelf;
import dev.pipewright.state.Tokens;
import dev.pipewright.state.Tokens.Identity;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides who comes in. Thread-safe. */
final class Door {
  private final Tokens tokens;
  private final boolean closedReads;

  Door(Tokens tokens, boolean closedReads) {
    this.tokens = tokens;
    this.closedReads = closedReads;
  }

  /**
   * The owner of the token that came with a request; null if none came and none is needed.
   *
   * @throws ApiException UNAUTHORIZED without a token that is believed, FORBIDDEN if its owner may
   *     not do this
   */
  @Nullable Identity enter(
      Need need, @Nullable String authorization, @Nullable String parameter, String path) {
    String token = token(need, authorization, parameter);
    Optional<Identity> found = token == null ? Optional.empty() : tokens.identify(token);
    boolean open =
        need == Need.NOTHING || (!closedReads && (need == Need.READ || need == Need.FEED));
    if (found.isEmpty()) {
      if (open) {
        return null;
      }
      throw new ApiException(
          Problem.Code.UNAUTHORIZED,
          token == null ? "This needs a token." : "This token is not known, or not any more.",
          "Send the header Authorization: Bearer TOKEN.");
    }
    Identity identity = found.get();
    if (!open && !mayEnter(need, identity.self(), path)) {
      throw new ApiException(
          Problem.Code.FORBIDDEN,
          "A token of kind %s may not do this."
              .formatted(identity.self().kind().name().toLowerCase(Locale.ROOT)));
    }
    return identity;
  }

  private static @Nullable String token(
      Need need, @Nullable String authorization, @Nullable String parameter) {
    if (authorization != null) {
      if (authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
        return authorization.substring(7).strip();
      }
      if (need.allowsBasic() && authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
        return password(authorization.substring(6).strip());
      }
    }
    return need == Need.FEED ? parameter : null;
  }

  private static @Nullable String password(String basic) {
    try {
      String both = new String(Base64.getDecoder().decode(basic), StandardCharsets.UTF_8);
      return both.substring(both.indexOf(':') + 1);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static boolean mayEnter(Need need, TokenSelf self, String path) {
    return switch (self.kind()) {
      case ADMIN -> true;
      case SERVICE ->
          switch (need) {
            case NOTHING, READ, FEED, ANYBODY, SERVICE, RUN_OR_SERVICE, BLOB -> true;
            case ADMIN, RUN -> false;
          };
      case RUN ->
          switch (need) {
            case NOTHING, READ, FEED, ANYBODY, BLOB -> true;
            case RUN, RUN_OR_SERVICE -> isOwn(self.run(), path);
            case ADMIN, SERVICE -> false;
          };
    };
  }

  private static boolean isOwn(@Nullable RunId own, String run) {
    return own != null && own.toString().equals(run);
  }
}
