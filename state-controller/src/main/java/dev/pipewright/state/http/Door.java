package dev.pipewright.state.http;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.Role;
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
   * The owner of the token or session that came with a request; null if none came and none is
   * needed.
   *
   * @param run the run that is concerned; empty for none
   * @throws ApiException UNAUTHORIZED without a token that is believed, FORBIDDEN if its owner may
   *     not do this
   */
  @Nullable Identity enter(Need need, Knock knock, String run) {
    Identity identity = identify(need, knock);
    admit(need, knock, identity, run);
    return identity;
  }

  /** Whether reading needs a token, too. */
  boolean isClosed() {
    return closedReads;
  }

  /** Whether {@link #enter} lets this in where no run is concerned. */
  boolean isOpenTo(Need need, Knock knock) {
    try {
      Identity unused = enter(need, knock, "");
      return true;
    } catch (ApiException e) {
      return false;
    }
  }

  /** Who that is, whatever they may; null if nobody is known by what came with the request. */
  @Nullable Identity identify(Need need, Knock knock) {
    String token = token(need, knock);
    if (token != null) {
      return tokens.identify(token).orElse(null);
    }
    return session(knock).orElse(null);
  }

  private Optional<Identity> session(Knock knock) {
    String session = knock.session();
    return session == null ? Optional.empty() : tokens.sessions().identify(session);
  }

  /** Throws unless this identity may come in; see {@link #enter}. */
  void admit(Need need, Knock knock, @Nullable Identity identity, String run) {
    boolean open = need == Need.NOTHING || (!closedReads && need.isRead());
    if (identity == null) {
      if (!open) {
        throw unknown(token(need, knock) != null || knock.session() != null);
      }
      return;
    }
    boolean bySession = token(need, knock) == null;
    if (bySession && knock.writes() && !knock.ownPage()) {
      throw new ApiException(
          Problem.Code.FORBIDDEN,
          "Only a page of this server may change something with its session.",
          "Programs send the header Authorization: Bearer TOKEN.");
    }
    if (!open && !mayEnter(need, identity.self(), run)) {
      throw new ApiException(
          Problem.of(
              Problem.Code.FORBIDDEN,
              "A token of kind %s may not do this."
                  .formatted(identity.self().kind().name().toLowerCase(Locale.ROOT)),
              need.asks()));
    }
  }

  private static ApiException unknown(boolean shown) {
    return new ApiException(
        Problem.Code.UNAUTHORIZED,
        shown ? "This token is not known, or not any more." : "This needs a token.",
        "Send the header Authorization: Bearer TOKEN.");
  }

  private static @Nullable String token(Need need, Knock knock) {
    String authorization = knock.authorization();
    if (authorization != null) {
      if (authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
        return authorization.substring(7).strip();
      }
      if (need.isRead() && authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
        return password(authorization.substring(6).strip());
      }
    }
    return need == Need.FEED ? knock.parameter() : null;
  }

  private static @Nullable String password(String basic) {
    try {
      String both = new String(Base64.getDecoder().decode(basic), StandardCharsets.UTF_8);
      return both.substring(both.indexOf(':') + 1);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  static boolean mayEnter(Need need, TokenSelf self, String run) {
    return switch (self.kind()) {
      case ADMIN, OPERATOR, VIEWER -> mayPerson(need, self.role().orElseThrow());
      case SERVICE ->
          switch (need) {
            case NOTHING, READ, FEED, ANYBODY, SERVICE, RUN_OR_SERVICE, BLOB -> true;
            case OPERATOR, ADMIN, RUN -> false;
          };
      case RUN ->
          switch (need) {
            case NOTHING, ANYBODY, BLOB -> true;
            case READ, RUN, RUN_OR_SERVICE -> isOwn(self.run(), run);
            case FEED, OPERATOR, ADMIN, SERVICE -> false;
          };
    };
  }

  private static boolean mayPerson(Need need, Role role) {
    return switch (need) {
      case NOTHING, READ, FEED, ANYBODY -> true;
      case OPERATOR -> role.includes(Role.OPERATOR);
      case ADMIN, SERVICE, RUN, RUN_OR_SERVICE, BLOB -> role == Role.ADMIN;
    };
  }

  private static boolean isOwn(@Nullable RunId own, String run) {
    return own != null && own.toString().equals(run);
  }
}
