package dev.pipewright.state.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pipewright.protocol.api.Role;
import dev.pipewright.state.oidc.OidcException.Kind;
import dev.pipewright.state.oidc.OidcSignIn.Answer;
import dev.pipewright.state.oidc.OidcSignIn.Begun;
import dev.pipewright.state.oidc.OidcSignIn.Person;
import dev.pipewright.state.oidc.OidcSignIn.Wish;
import dev.pipewright.testing.CannedProvider;
import dev.pipewright.testing.CannedProvider.Signing;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is believed of a provider, over HTTP, and everything that is not. */
class OidcSignInTest {
  private final HttpClient http = HttpClient.newHttpClient();
  private CannedProvider provider;
  private OidcSignIn signIn;

  @BeforeEach
  void serve() throws Exception {
    provider = new CannedProvider(0);
    signIn = with(Map.of("PIPEWRIGHT_OIDC_VIEWERS", "staff"));
    provider.claims.put("groups", List.of("staff"));
  }

  private OidcSignIn with(Map<String, String> further) {
    Map<String, String> settings =
        new HashMap<>(
            Map.of(
                "PIPEWRIGHT_OIDC_ISSUER",
                provider.issuer,
                "PIPEWRIGHT_OIDC_CLIENT_ID",
                CannedProvider.CLIENT,
                "PIPEWRIGHT_OIDC_CLIENT_SECRET",
                CannedProvider.SECRET,
                "PIPEWRIGHT_OIDC_ADMINS",
                "ci-admins",
                "PIPEWRIGHT_OIDC_OPERATORS",
                "dev, ops",
                "PIPEWRIGHT_PUBLIC_URL",
                "https://ci.example.org"));
    settings.putAll(further);
    return new OidcSignIn(
        Objects.requireNonNull(OidcConfig.from(settings)), InstantSource.system());
  }

  @AfterEach
  void stop() {
    signIn.close();
    http.close();
    provider.close();
  }

  /** What a browser brings back that was sent to the provider. */
  private Answer sent(Begun begun) throws Exception {
    HttpResponse<String> answer =
        http.send(HttpRequest.newBuilder(begun.provider()).build(), BodyHandlers.ofString());
    String back = answer.headers().firstValue("Location").orElseThrow();
    assertThat(back).startsWith("https://ci.example.org/login/oidc/callback?");
    Map<String, String> query =
        Arrays.stream(URI.create(back).getRawQuery().split("&", -1))
            .map(pair -> pair.split("=", 2))
            .collect(
                Collectors.toMap(
                    pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
    return new Answer(query.get("state"), query.get("code"), query.get("iss"), query.get("error"));
  }

  private Begun begin(@Nullable String returnTo) throws Exception {
    return signIn.begin(new Wish(returnTo, false), null, "10.0.0.1");
  }

  private Person signedIn() throws Exception {
    Begun begun = begin("/runs");
    return signIn.finish(sent(begun), begun.browser());
  }

  private void assertRefused(Kind kind, String words) {
    OidcException refused = catchThrowableOfType(OidcException.class, this::signedIn);
    assertThat(refused).hasMessageContaining(words);
    assertThat(refused.kind()).isEqualTo(kind);
  }

  @ParameterizedTest
  @EnumSource(names = {"RS256", "ES256"})
  void aTokenThatTheProviderSignedIsBelieved(Signing signing) throws Exception {
    provider.signing = signing;
    assertThat(signedIn())
        .isEqualTo(new Person("oidc:ada", Role.VIEWER, "subject-of-ada", "/runs"));
    provider.claims.put("aud", List.of(CannedProvider.CLIENT, "somebody-else"));
    provider.claims.put("azp", CannedProvider.CLIENT);
    assertThat(signedIn().name()).isEqualTo("oidc:ada");
  }

  @ParameterizedTest
  @CsvSource({
    "STRANGER, its signature is wrong",
    "CHANGED, its signature is wrong",
    "HS256, signed in a way that is not believed",
    "NONE, signed in a way that is not believed",
    "SHORT, not signed with a key that the provider publishes"
  })
  void aTokenThatTheProviderDidNotSignIsNotBelieved(Signing signing, String words) {
    provider.signing = signing;
    assertRefused(Kind.UNPROVEN, words);
  }

  @ParameterizedTest
  @CsvSource({
    "aud, somebody-else, meant for another server",
    "azp, somebody-else, meant for another server",
    "iss, http://127.0.0.1:1, from another provider",
    "exp, 1700000000, has expired",
    "exp, , has expired",
    "exp, never, times cannot be read",
    "iat, 99999999999, from the future",
    "iat, , times cannot be read",
    "nbf, 99999999999, from the future",
    "nonce, of-another-sign-in, from another sign-in",
    "nonce, , from another sign-in",
    "sub, , names nobody",
    "sub, '  ', names nobody",
    "iss, , from another provider",
    "aud, , meant for another server"
  })
  void aTokenThatIsNotForThisSignInIsNotBelieved(
      String claim, @Nullable String value, String words) {
    boolean isNumber = value != null && value.matches("\\d+");
    provider.claims.put(claim, isNumber ? Long.valueOf(String.valueOf(value)) : value);
    assertRefused(Kind.UNPROVEN, words);
  }

  @Test
  void severalAudiencesWithoutAWordOnWhoseTokenItIsAreNotBelieved() {
    provider.claims.put("aud", List.of(CannedProvider.CLIENT, "somebody-else"));
    assertRefused(Kind.UNPROVEN, "meant for another server");
  }

  @ParameterizedTest
  @CsvSource({
    "kid, of-nobody, not signed with a key that the provider publishes",
    "typ, at+jwt, not what it should be"
  })
  void aTokenWhoseHeaderSaysSomethingElseIsNotBelieved(String name, String value, String words) {
    provider.header.put(name, value);
    assertRefused(Kind.UNPROVEN, words);
  }

  @Test
  void aTokenThatAsksForWhatIsNotKnownIsNotBelieved() {
    provider.header.put("crit", List.of("of-tomorrow"));
    provider.header.put("of-tomorrow", "something");
    assertRefused(Kind.UNPROVEN, "its signature is wrong");
    provider.claims.put("sub", "x".repeat(256));
    provider.header.clear();
    assertRefused(Kind.UNPROVEN, "names nobody");
  }

  @Test
  void clocksMayDifferByAMinute() throws Exception {
    long now = InstantSource.system().instant().getEpochSecond();
    provider.claims.put("exp", now - 30);
    provider.claims.put("iat", now + 30);
    assertThat(signedIn().name()).isEqualTo("oidc:ada");
  }

  @ParameterizedTest
  @CsvSource({"ci-admins, ADMIN", "ops, OPERATOR", "dev, OPERATOR", "staff, VIEWER"})
  void groupsBecomeRoles(String group, Role role) throws Exception {
    provider.claims.put("groups", List.of("others", group));
    assertThat(signedIn().role()).isEqualTo(role);
  }

  @Test
  void groupsMayBeWithinAnotherClaimAndNamesInAClaimOfTheirOwn() throws Exception {
    signIn.close();
    signIn =
        with(
            Map.of(
                "PIPEWRIGHT_OIDC_GROUPS_CLAIM", "realm_access.roles",
                "PIPEWRIGHT_OIDC_NAME_CLAIM", "nick"));
    provider.claims.put("realm_access", Map.of("roles", List.of("dev")));
    provider.claims.put("nick", "Countess");
    assertThat(signedIn().role()).isEqualTo(Role.OPERATOR);
    assertThat(signedIn().name()).isEqualTo("oidc:Countess");
    provider.claims.put("nick", null);
    assertThat(signedIn().name()).isEqualTo("oidc:subject-of-ada");
  }

  @Test
  void anAddressThatNobodyHasVerifiedIsNoName() throws Exception {
    provider.claims.put("preferred_username", null);
    provider.claims.put("email", "ada@example.org");
    assertThat(signedIn().name()).isEqualTo("oidc:subject-of-ada");
    provider.claims.put("email_verified", true);
    assertThat(signedIn().name()).isEqualTo("oidc:ada@example.org");
  }

  @Test
  void namesAreShortAndHideNothing() throws Exception {
    provider.claims.put("preferred_username", " a\u202eb\u0000c" + "x".repeat(500));
    assertThat(signedIn().name()).startsWith("oidc:a\ufffdb\ufffdcxxx").hasSize(105);
    provider.claims.put("groups", "others");
    assertRefused(Kind.NO_ROLE, "none of your groups there may come in");
  }

  @Test
  void comingBackWorksOnceAndForTheBrowserThatWasSent() throws Exception {
    Begun begun = begin("/");
    Answer answer = sent(begun);
    assertThat(signIn.finish(answer, begun.browser()).name()).isEqualTo("oidc:ada");
    for (String browser : Arrays.asList(begun.browser(), null)) {
      assertThat(unexpected(answer, browser)).isEqualTo(Kind.UNEXPECTED);
    }
    Begun other = begin("/");
    assertThat(other.browser()).isNotEqualTo(begun.browser());
    assertThat(unexpected(sent(other), begun.browser())).isEqualTo(Kind.UNEXPECTED);
    Begun again = signIn.begin(new Wish("/", false), other.browser(), "10.0.0.1");
    assertThat(again.browser()).isEqualTo(other.browser());
    Answer elsewhere = sent(again);
    Answer mixed = new Answer(elsewhere.state(), elsewhere.code(), "https://evil.example", null);
    assertThat(unexpected(mixed, again.browser())).isEqualTo(Kind.UNEXPECTED);
    Begun last = begin("/");
    Answer empty = new Answer(sent(last).state(), " ", null, null);
    assertThat(unexpected(empty, last.browser())).isEqualTo(Kind.DECLINED);
  }

  private Kind unexpected(Answer answer, @Nullable String browser) {
    return catchThrowableOfType(OidcException.class, () -> signIn.finish(answer, browser)).kind();
  }

  @Test
  void whatTheProviderRefusesIsSaidInItsWord() {
    provider.forgetsCodes = true;
    assertRefused(Kind.UNPROVEN, "invalid_grant");
    provider.error = "access_denied";
    assertRefused(Kind.DECLINED, "access_denied");
    provider.error = "%3Cscript%3E";
    assertRefused(Kind.DECLINED, "no reason is given");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "\\/evil.example",
        "/a\\b",
        "/login/oidc",
        "javascript:alert(1)",
        "",
        "/ä",
        "runs"
      })
  void nobodyIsSentToAnAddressElsewhere(String address) {
    assertThat(OidcSignIn.localPath(address)).isEqualTo("/");
  }

  @Test
  void aPathOfThisServerIsKeptWithItsQuery() throws Exception {
    Begun begun = begin("/runs/shop%2342/lint?attempt=1#L7");
    assertThat(signIn.finish(sent(begun), begun.browser()).returnTo())
        .isEqualTo("/runs/shop%2342/lint?attempt=1#L7");
    assertThat(OidcSignIn.localPath("/" + "x".repeat(2000))).isEqualTo("/");
  }

  @Test
  void aProviderThatIsAwayOrCallsItselfSomethingElseIsAskedAgainLater() throws Exception {
    String issuer = provider.issuer;
    provider.issuer = "https://evil.example";
    assertRefused(Kind.AWAY, "they must be the same");
    provider.issuer = issuer;
    assertThat(signedIn().name()).isEqualTo("oidc:ada");
    assertThat(provider.visits.getFirst())
        .containsEntry("scope", "openid profile email groups")
        .containsEntry("client_id", CannedProvider.CLIENT);
  }
}
