package dev.pipewright.state.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.pipewright.protocol.api.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OidcConfigTest {
  private static Map<String, String> whole() {
    return new HashMap<>(
        Map.of(
            "PIPEWRIGHT_OIDC_ISSUER", "https://login.example.org/realms/ci",
            "PIPEWRIGHT_OIDC_CLIENT_ID", "pipewright",
            "PIPEWRIGHT_PUBLIC_URL", "https://ci.example.org/"));
  }

  @Test
  void theProviderAndTheWayBackAreRead() {
    OidcConfig config = OidcConfig.from(whole());
    assertThat(config).isNotNull();
    assertThat(config.host()).isEqualTo("login.example.org");
    assertThat(config.redirect()).hasToString("https://ci.example.org/login/oidc/callback");
    assertThat(config.clientSecret()).isNull();
    assertThat(OidcConfig.from(Map.of())).isNull();
  }

  @Test
  void theSecretMayBeInAFileAndIsNotToldByAccident(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("secret"), "hush-hush\n");
    Map<String, String> settings = whole();
    settings.put("PIPEWRIGHT_OIDC_CLIENT_SECRET_FILE", file.toString());
    OidcConfig config = OidcConfig.from(settings);
    assertThat(config).isNotNull();
    assertThat(config.clientSecret()).isEqualTo("hush-hush");
    assertThat(config.toString()).doesNotContain("hush");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PIPEWRIGHT_PUBLIC_URL |  | --public-url",
        "PIPEWRIGHT_OIDC_CLIENT_ID |  | --oidc-client-id",
        "PIPEWRIGHT_OIDC_ISSUER | http://login.example.org | https://",
        "PIPEWRIGHT_OIDC_ISSUER | login.example.org | https://",
        "PIPEWRIGHT_OIDC_ISSUER | http://127.0.0.1.evil.example | https://",
        "PIPEWRIGHT_OIDC_CLIENT_SECRET_FILE | /nowhere/at/all | cannot be read",
        "PIPEWRIGHT_OIDC_ISSUER |  | needs --oidc-issuer",
      })
  void whatIsMissingOrWrongIsSaidWithTheOption(String name, String value, String words) {
    Map<String, String> settings = whole();
    settings.put(name, value == null ? "" : value);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OidcConfig.from(settings))
        .withMessageContaining(words);
  }

  @Test
  void withoutGroupsOfViewersEverybodyIsOne() {
    OidcRoles roles = new OidcRoles("groups", Set.of("root"), Set.of("dev"), Set.of());
    assertThat(roles.of(List.of())).contains(Role.VIEWER);
    assertThat(roles.of(List.of("dev", "root"))).contains(Role.ADMIN);
    OidcRoles closed = new OidcRoles("groups", Set.of("root"), Set.of("dev"), Set.of("staff"));
    assertThat(closed.of(List.of("guests"))).isEmpty();
    assertThat(closed.of(List.of("dev"))).contains(Role.OPERATOR);
  }
}
