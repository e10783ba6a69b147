package dev.pipewright.standalone.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.api.AuditEntry;
import dev.pipewright.protocol.api.Role;
import dev.pipewright.protocol.api.TokenSelf;
import dev.pipewright.protocol.api.TokenView;
import dev.pipewright.standalone.CommandException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TokensCommandTest {
  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

  @Test
  void aRowSaysWhoseItIsAndHowLongItIsGood() {
    assertThat(TokensCommand.row(new TokenView("ada", Role.OPERATOR, "admin", NOON, NOON, null)))
        .contains("ada", "operator", "expires " + Texts.time(NOON), "never used");
    assertThat(TokensCommand.row(new TokenView("ada", Role.ADMIN, "admin", NOON, null, NOON)))
        .contains("never expires", "used " + Texts.time(NOON));
  }

  @Test
  void theTimeAndTheRoleAreReadOrRefusedInWords() {
    assertThat(TokensCommand.AddCommand.end("90d", () -> NOON))
        .isEqualTo(NOON.plus(Duration.ofDays(90)));
    assertThat(TokensCommand.AddCommand.end("12h", () -> NOON))
        .isEqualTo(NOON.plus(Duration.ofHours(12)));
    assertThat(TokensCommand.AddCommand.end(null, () -> NOON)).isNull();
    assertThatThrownBy(() -> TokensCommand.AddCommand.end("soon", () -> NOON))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("90d");
    assertThat(TokensCommand.AddCommand.role("viewer")).isEqualTo(Role.VIEWER);
    assertThatThrownBy(() -> TokensCommand.AddCommand.role("root"))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("operator");
  }

  @Test
  void anEntryOfTheAuditLogSaysWhetherItWasDone() {
    AuditEntry entry =
        new AuditEntry(
            7, NOON, "ada", TokenSelf.Kind.VIEWER, "cancel a run", "/runs/x", 403, "10.0.0.1");
    assertThat(AuditCommand.row(entry))
        .contains("ada", "cancel a run", "refused with 403", "from 10.0.0.1");
  }
}
