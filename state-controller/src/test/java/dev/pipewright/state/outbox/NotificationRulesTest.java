package dev.pipewright.state.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.api.MailServer;
import dev.pipewright.protocol.api.NotificationEvent;
import dev.pipewright.protocol.api.NotificationTarget.Kind;
import dev.pipewright.state.Samples;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NotificationRulesTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of("CHAT", "https://chat.example/T/secret", "SMTP", "mail-password");
  private static final String ALL =
      """
      {"mail": {"host": "smtp.example.org", "user": "ci", "password": "$SMTP",
                "from": "ci@example.org"},
       "targets": [
         {"name": "team", "kind": "slack", "url": "$CHAT"},
         {"name": "board", "kind": "webhook", "url": "https://board.example/in", "secret": "s",
          "on": ["broke", "fixed"], "pipelines": ["shop*"], "refs": ["refs/heads/main"]},
         {"name": "leads", "kind": "mail", "to": ["leads@example.org"], "on": ["failed"]}]}
      """;

  @TempDir private Path folder;
  private Instant now = Samples.NOON;

  private static List<NotificationRule> read(String json) {
    return NotificationSettings.read(json.getBytes(StandardCharsets.UTF_8), ENVIRONMENT::get);
  }

  @Test
  void aFileSaysWhoIsToldOfWhat() {
    List<NotificationRule> rules = read(ALL);

    assertThat(rules)
        .extracting(rule -> rule.target().name())
        .containsExactly("team", "board", "leads");
    NotificationRule team = rules.getFirst();
    assertThat(team.target().url()).isEqualTo("https://chat.example/T/secret");
    assertThat(team.on())
        .containsExactlyInAnyOrder(
            NotificationEvent.BROKE, NotificationEvent.FIXED, NotificationEvent.WAITING);
    assertThat(rules.get(1).on())
        .containsExactlyInAnyOrder(NotificationEvent.BROKE, NotificationEvent.FIXED);
    MailServer mail = rules.get(2).target().mail();
    assertThat(rules.get(2).target().kind()).isEqualTo(Kind.MAIL);
    assertThat(mail).isNotNull();
    assertThat(mail.port()).isEqualTo(587);
    assertThat(mail.security()).isEqualTo(MailServer.Security.STARTTLS);
    assertThat(mail.password()).isEqualTo("mail-password");
    assertThat(rules.toString()).doesNotContain("secret", "mail-password");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{'name': 'a b', 'kind': 'slack', 'url': 'https://x'}; has a name",
        "{'name': 'a', 'url': 'https://x'}; has no kind",
        "{'name': 'a', 'kind': 'slack'}; needs a URL",
        "{'name': 'a', 'kind': 'slack', 'url': 'ftp://x'}; needs a URL",
        "{'name': 'a', 'kind': 'slack', 'url': '$NONE'}; environment has no NONE",
        "{'name': 'a', 'kind': 'slack', 'url': 'https://x', 'to': ['a@b.c']}; has no 'to'",
        "{'name': 'a', 'kind': 'mail', 'to': ['a@b.c']}; needs a mail server",
        "{'name': 'a', 'kind': 'mail', 'to': ['a b']}; needs addresses",
        "{'name': 'a', 'kind': 'mail', 'to': ['a@b.c, d@e.f']}; needs addresses",
        "{'name': 'a', 'kind': 'pigeon', 'url': 'https://x'}; Could not read",
        "{'name': 'a', 'kind': 'slack', 'url': 'https://x', 'on': ['sunset']}; Could not read"
      })
  void whatIsWrongIsNamed(String target, String why) {
    assertThatThrownBy(() -> read(("{'targets': [" + target + "]}").replace('\'', '"')))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining(why.replace('\'', why.contains("'to'") ? '\'' : '"'));
  }

  @Test
  void everythingThatIsWrongIsNamedAtOnceWithoutASecret() {
    String json =
        """
        {"mail": {"host": "smtp", "port": 70000, "security": "none", "user": "ci",
                  "password": "mail-password", "from": "nobody"},
         "targets": [{"name": "a", "kind": "slack", "url": "hidden"},
                     {"name": "a", "kind": "slack", "url": "https://x"}]}
        """;

    assertThatThrownBy(() -> read(json))
        .hasMessageContaining("mail.port")
        .hasMessageContaining("mail.from")
        .hasMessageContaining("encrypted connection")
        .hasMessageContaining("needs a URL")
        .hasMessageContaining("Two targets")
        .message()
        .doesNotContain("hidden", "mail-password");
  }

  @Test
  void theFileIsReadAgainWhenItChangesAndABrokenOneChangesNothing() throws Exception {
    Path file = folder.resolve("notifications.json");
    NotificationRules rules = new NotificationRules(file, ENVIRONMENT::get, () -> now);
    assertThat(rules.all()).isEmpty();

    write(file, ALL);
    assertThat(rules.all()).hasSize(3);
    assertThat(rules.target("leads")).isPresent();
    write(file, "{\"targets\": [");
    assertThat(rules.all()).hasSize(3);
    write(file, "{\"targets\": [null]}");
    assertThat(rules.all()).hasSize(3);
    write(file, "{}");
    assertThat(rules.all()).isEmpty();
    write(file, ALL);
    Files.delete(file);
    now = now.plus(Duration.ofSeconds(3));
    assertThat(rules.all()).isEmpty();
  }

  private void write(Path file, String json) throws Exception {
    now = now.plus(Duration.ofSeconds(3));
    Files.writeString(file, json);
    Files.setLastModifiedTime(file, FileTime.from(now));
  }
}
