package dev.pipewright.state.oidc;

import static dev.pipewright.state.oidc.OidcException.Kind.DECLINED;
import static dev.pipewright.state.oidc.OidcException.Kind.NO_ROLE;
import static dev.pipewright.state.oidc.OidcException.Kind.UNEXPECTED;

import dev.pipewright.protocol.api.Role;
import dev.pipewright.protocol.json.JsonTree;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Signs people in through a provider: by authorization code with PKCE, bound to the browser that
 * began. Blocks while the provider is asked. Thread-safe.
 */
public final class OidcSignIn implements AutoCloseable {
  /** What the names of these people begin with; no name of a token can. */
  public static final String PREFIX = "oidc:";

  private static final int LONGEST_NAME = 100;
  private static final int LONGEST_RETURN = 2000;
  private static final List<String> NAME_CLAIMS = List.of("preferred_username", "email", "sub");

  private final OidcConfig config;
  private final OidcProvider provider;
  private final PendingSignIns pending;

  /** Asks nothing yet. */
  public OidcSignIn(OidcConfig config, InstantSource clock) {
    this.config = config;
    this.provider = new OidcProvider(config, clock);
    this.pending = new PendingSignIns(clock);
  }

  /**
   * What a browser begins with.
   *
   * @param returnTo where to go on afterwards; anything but a path of this server becomes {@code /}
   * @param isAnother whether the provider is to ask who it is even if it knows somebody
   */
  public record Wish(@Nullable String returnTo, boolean isAnother) {}

  /**
   * A sign-in that was begun.
   *
   * @param provider where the browser goes now
   * @param browser the secret for its cookie
   */
  public record Begun(URI provider, String browser) {
    @Override
    public String toString() {
      return "Begun[]";
    }
  }

  /**
   * What a browser brings back.
   *
   * @param issuer who the provider says it is, if it does
   * @param error why it sends nobody, instead of a code
   */
  public record Answer(
      @Nullable String state,
      @Nullable String code,
      @Nullable String issuer,
      @Nullable String error) {
    @Override
    public String toString() {
      return "Answer[]";
    }
  }

  /**
   * Somebody who is known now.
   *
   * @param name with {@link #PREFIX}
   * @param subject who that is for the provider, for good
   * @param returnTo the local address to go on at
   */
  public record Person(String name, Role role, String subject, String returnTo) {}

  /** The provider as people know it. */
  public String host() {
    return config.host();
  }

  /**
   * Begins a sign-in.
   *
   * @param wish where the browser wants to go
   * @param browser the secret this browser has from an earlier beginning; null if none
   * @param address the network address it comes from
   * @throws OidcException AWAY
   */
  public Begun begin(Wish wish, @Nullable String browser, String address) throws OidcException {
    String secret =
        browser != null && browser.matches("[A-Za-z0-9_-]{43}") ? browser : PendingSignIns.random();
    PendingSignIns.Pending begun = pending.begin(localPath(wish.returnTo()), secret, address);
    return new Begun(provider.authorization(begun, wish.isAnother()), secret);
  }

  /** The address if it is a path of this server and nothing else, or {@code /}. */
  public static String localPath(@Nullable String address) {
    return address != null
            && address.length() <= LONGEST_RETURN
            && address.matches("/(?![/\\\\])[\\x21-\\x7e&&[^\\\\]]*")
            && !address.startsWith("/login")
        ? address
        : "/";
  }

  /**
   * Ends a sign-in, in good or in bad; what came back cannot be used again.
   *
   * @param browser the secret of the browser; null if it brought none
   * @throws OidcException with what is wrong
   */
  public Person finish(Answer answer, @Nullable String browser) throws OidcException {
    PendingSignIns.Pending begun =
        pending
            .end(answer.state() == null ? "" : answer.state(), browser == null ? "" : browser)
            .orElseThrow(
                () ->
                    new OidcException(
                        UNEXPECTED,
                        "This sign-in is over, or was begun elsewhere: each can be used once,"
                            + " within ten minutes, by the browser and at the address"
                            + " it was begun with."));
    try {
      return person(answer, begun);
    } catch (OidcException e) {
      throw e.during(begun);
    }
  }

  private Person person(Answer answer, PendingSignIns.Pending begun) throws OidcException {
    if (answer.issuer() != null && !answer.issuer().equals(config.issuer())) {
      throw new OidcException(UNEXPECTED, "You were sent here by another provider.");
    }
    if (answer.error() != null || answer.code() == null || answer.code().isBlank()) {
      throw new OidcException(
          DECLINED,
          "%s did not sign you in (%s). Try again, or ask whoever runs it."
              .formatted(host(), OidcProvider.word(answer.error() == null ? "" : answer.error())));
    }
    return person(provider.exchange(answer.code(), begun), begun.returnTo());
  }

  /** Ends what is being asked of the provider. May be repeated. */
  @Override
  public void close() {
    provider.close();
  }

  private Person person(JsonTree claims, String returnTo) throws OidcException {
    String subject = claims.at("sub").text().orElseThrow();
    String name = PREFIX + name(claims).orElseGet(() -> readable(subject));
    Role role =
        config
            .roles()
            .of(groups(claims))
            .orElseThrow(
                () ->
                    new OidcException(
                        NO_ROLE,
                        ("%s knows you as %s, but none of your groups there may come in here."
                                + " Ask whoever runs this server which group you need, or sign in"
                                + " as somebody else.")
                            .formatted(host(), name.substring(PREFIX.length()))));
    return new Person(name, role, subject, returnTo);
  }

  private Optional<String> name(JsonTree claims) {
    String only = config.nameClaim();
    return (only == null ? NAME_CLAIMS : List.of(only))
        .stream()
            .filter(claim -> !claim.equals("email") || only != null || isVerified(claims))
            .flatMap(claim -> claims.at(claim).text().stream())
            .map(OidcSignIn::readable)
            .filter(name -> !name.isBlank())
            .findFirst();
  }

  /** An address that the provider has not verified may be somebody else's. */
  private static boolean isVerified(JsonTree claims) {
    return claims.at("email_verified").isTrue();
  }

  /** Names are shown and written down: nothing in them may hide or turn the text around them. */
  private static String readable(String name) {
    StringBuilder readable = new StringBuilder();
    name.strip()
        .codePoints()
        .limit(LONGEST_NAME)
        .forEach(
            point ->
                readable.appendCodePoint(
                    switch (Character.getType(point)) {
                      case Character.CONTROL,
                          Character.FORMAT,
                          Character.SURROGATE,
                          Character.PRIVATE_USE,
                          Character.UNASSIGNED,
                          Character.LINE_SEPARATOR,
                          Character.PARAGRAPH_SEPARATOR ->
                          '\uFFFD';
                      default -> point;
                    }));
    return readable.toString();
  }

  private List<String> groups(JsonTree claims) {
    String name = config.roles().claim();
    JsonTree claim = claims.at(name);
    if (!claim.isPresent()) {
      claim = claims;
      for (String part : name.split("\\.", -1)) {
        claim = claim.at(part);
      }
    }
    return Stream.concat(
            claim.text().stream(), claim.elements().stream().flatMap(e -> e.text().stream()))
        .toList();
  }
}
