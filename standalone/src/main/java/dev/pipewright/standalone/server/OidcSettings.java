package dev.pipewright.standalone.server;

import dev.pipewright.standalone.CommandException;
import dev.pipewright.state.oidc.OidcConfig;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a server that let people sign in through an OpenID Connect provider. */
final class OidcSettings {
  @Option(
      names = "--oidc-issuer",
      paramLabel = "URL",
      defaultValue = "${env:PIPEWRIGHT_OIDC_ISSUER}",
      description =
          "The OpenID Connect provider that people sign in with, as it calls itself. Default: none.")
  @Nullable String issuer;

  @Option(
      names = "--oidc-client-id",
      paramLabel = "ID",
      defaultValue = "${env:PIPEWRIGHT_OIDC_CLIENT_ID}",
      description = "This server as the provider knows it.")
  @Nullable String clientId;

  @Option(
      names = "--oidc-client-secret-file",
      paramLabel = "FILE",
      defaultValue = "${env:PIPEWRIGHT_OIDC_CLIENT_SECRET_FILE}",
      description =
          "Its secret there. Default: PIPEWRIGHT_OIDC_CLIENT_SECRET in the environment, or none.")
  @Nullable String clientSecretFile;

  @Option(
      names = "--oidc-groups-claim",
      paramLabel = "CLAIM",
      defaultValue = "${env:PIPEWRIGHT_OIDC_GROUPS_CLAIM:-groups}",
      description =
          "What the provider names somebody's groups in, like realm_access.roles."
              + " Default: ${DEFAULT-VALUE}.")
  String groupsClaim = "groups";

  @Option(
      names = "--oidc-name-claim",
      paramLabel = "CLAIM",
      defaultValue = "${env:PIPEWRIGHT_OIDC_NAME_CLAIM}",
      description =
          "What people are called by. Default: preferred_username, else a verified email, else"
              + " sub.")
  @Nullable String nameClaim;

  @Option(
      names = "--oidc-admins",
      paramLabel = "GROUP,...",
      defaultValue = "${env:PIPEWRIGHT_OIDC_ADMINS:-}",
      description = "Groups of the provider that have the role admin here. Default: none.")
  String admins = "";

  @Option(
      names = "--oidc-operators",
      paramLabel = "GROUP,...",
      defaultValue = "${env:PIPEWRIGHT_OIDC_OPERATORS:-}",
      description = "Groups that have the role operator. Default: none.")
  String operators = "";

  @Option(
      names = "--oidc-viewers",
      paramLabel = "GROUP,...",
      defaultValue = "${env:PIPEWRIGHT_OIDC_VIEWERS:-}",
      description =
          "Groups that have the role viewer; others then may not come in."
              + " Default: everybody whom the provider signs in.")
  String viewers = "";

  /**
   * The provider; null for none.
   *
   * @param publicUrl how browsers reach this server; null if that was not said
   * @throws CommandException saying what is wrong
   */
  @Nullable OidcConfig provider(@Nullable String publicUrl) {
    Map<String, String> settings = new HashMap<>();
    put(settings, "PUBLIC_URL", publicUrl);
    put(settings, "OIDC_ISSUER", issuer);
    put(settings, "OIDC_CLIENT_ID", clientId);
    put(settings, "OIDC_CLIENT_SECRET", System.getenv("PIPEWRIGHT_OIDC_CLIENT_SECRET"));
    put(settings, "OIDC_CLIENT_SECRET_FILE", clientSecretFile);
    put(settings, "OIDC_GROUPS_CLAIM", groupsClaim);
    put(settings, "OIDC_NAME_CLAIM", nameClaim);
    put(settings, "OIDC_ADMINS", admins);
    put(settings, "OIDC_OPERATORS", operators);
    put(settings, "OIDC_VIEWERS", viewers);
    try {
      return OidcConfig.from(settings);
    } catch (IllegalArgumentException e) {
      throw new CommandException(String.valueOf(e.getMessage()), 2);
    }
  }

  private static void put(Map<String, String> settings, String name, @Nullable String value) {
    if (value != null) {
      settings.put("PIPEWRIGHT_" + name, value);
    }
  }
}
