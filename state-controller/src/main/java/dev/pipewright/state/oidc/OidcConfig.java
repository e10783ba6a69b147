package dev.pipewright.state.oidc;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The provider people sign in with, and what this server is to it.
 *
 * @param issuer the provider as it calls itself
 * @param clientId this server as the provider knows it
 * @param clientSecret what this server shows the provider; null if it has none
 * @param nameClaim what people are called by; null for their user name, e-mail address or subject
 * @param redirect where the provider sends browsers back to
 */
public record OidcConfig(
    String issuer,
    String clientId,
    @Nullable String clientSecret,
    OidcRoles roles,
    @Nullable String nameClaim,
    URI redirect) {
  /** The path of {@link #redirect}. */
  public static final String CALLBACK = "/login/oidc/callback";

  private static final String PREFIX = "PIPEWRIGHT_OIDC_";
  private static final List<String> USELESS_ALONE =
      List.of("CLIENT_ID", "CLIENT_SECRET_FILE", "NAME_CLAIM", "ADMINS", "OPERATORS", "VIEWERS");

  /**
   * What {@code PIPEWRIGHT_OIDC_*} and {@code PIPEWRIGHT_PUBLIC_URL} say; null if no issuer is set.
   *
   * @throws IllegalArgumentException saying what is wrong with them
   */
  public static @Nullable OidcConfig from(Map<String, String> settings) {
    String issuer = setting(settings, "ISSUER");
    if (issuer == null) {
      for (String name : USELESS_ALONE) {
        check(setting(settings, name) == null, option(name) + " needs --oidc-issuer URL.");
      }
      return null;
    }
    check(
        isSafe(issuer),
        "--oidc-issuer must begin with https:// (http:// is only for this machine), not '%s'."
            .formatted(issuer));
    String clientId = setting(settings, "CLIENT_ID");
    check(
        clientId != null,
        "--oidc-issuer needs --oidc-client-id ID, by which the provider knows this server.");
    String publicUrl = settings.get("PIPEWRIGHT_PUBLIC_URL");
    check(
        publicUrl != null && !publicUrl.isEmpty(),
        "--oidc-issuer needs --public-url URL: the provider sends browsers back to URL"
            + CALLBACK
            + ".");
    return new OidcConfig(
        issuer,
        String.valueOf(clientId),
        secret(settings),
        new OidcRoles(
            settings.getOrDefault(PREFIX + "GROUPS_CLAIM", "groups"),
            groups(settings, "ADMINS"),
            groups(settings, "OPERATORS"),
            groups(settings, "VIEWERS")),
        setting(settings, "NAME_CLAIM"),
        URI.create(String.valueOf(publicUrl).replaceAll("/+$", "") + CALLBACK));
  }

  private static void check(boolean good, String words) {
    if (!good) {
      throw new IllegalArgumentException(words);
    }
  }

  private static @Nullable String setting(Map<String, String> settings, String name) {
    String value = settings.get(PREFIX + name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  private static String option(String name) {
    return "--oidc-" + name.toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  private static @Nullable String secret(Map<String, String> settings) {
    String file = setting(settings, "CLIENT_SECRET_FILE");
    if (file == null) {
      return setting(settings, "CLIENT_SECRET");
    }
    try {
      String secret = Files.readString(Path.of(file)).strip();
      check(!secret.isEmpty(), "The file of --oidc-client-secret-file is empty: " + file + ".");
      return secret;
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "The file of --oidc-client-secret-file cannot be read: " + file + ".", e);
    }
  }

  private static Set<String> groups(Map<String, String> settings, String name) {
    return Arrays.stream(settings.getOrDefault(PREFIX + name, "").split(",", -1))
        .map(String::strip)
        .filter(group -> !group.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether nobody on the way can read or change what is said to this address. */
  static boolean isSafe(String address) {
    try {
      URI uri = URI.create(address);
      String host = uri.getHost();
      return host != null
          && ("https".equalsIgnoreCase(uri.getScheme())
              || ("http".equalsIgnoreCase(uri.getScheme())
                  && (host.equals("localhost")
                      || host.equals("[::1]")
                      || host.matches("127(\\.\\d{1,3}){3}"))));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** The provider as people know it. */
  public String host() {
    return URI.create(issuer).getAuthority();
  }

  @Override
  public String toString() {
    return "OidcConfig[issuer=%s, clientId=%s]".formatted(issuer, clientId);
  }
}
