package dev.pipewright.standalone.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.standalone.CommandException;
import dev.pipewright.state.oidc.OidcConfig;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class OidcSettingsTest {
  private static final String ISSUER = "--oidc-issuer=https://login.example.org";

  @Command
  private static final class Options {
    @Mixin private final OidcSettings settings = new OidcSettings();
  }

  private static OidcSettings settings(String... args) {
    Options options = new Options();
    new CommandLine(options).parseArgs(args);
    return options.settings;
  }

  @Test
  void withoutAnIssuerThereIsNoProvider() {
    assertThat(settings().provider(null)).isNull();
  }

  @Test
  void theOptionsNameTheProviderAndItsGroups() {
    OidcConfig provider =
        settings(ISSUER, "--oidc-client-id=ci", "--oidc-admins=root, boss", "--oidc-viewers=staff")
            .provider("https://ci.example.org");
    assertThat(provider).isNotNull();
    assertThat(provider.roles().admins()).containsExactlyInAnyOrder("root", "boss");
    assertThat(provider.roles().operators()).isEmpty();
    assertThat(provider.roles().viewers()).containsExactly("staff");
    assertThat(provider.roles().claim()).isEqualTo("groups");
  }

  @Test
  void withoutAPublicUrlTheProviderCouldSendNobodyBack() {
    assertThatThrownBy(() -> settings(ISSUER, "--oidc-client-id=ci").provider(null))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("--public-url");
  }
}
