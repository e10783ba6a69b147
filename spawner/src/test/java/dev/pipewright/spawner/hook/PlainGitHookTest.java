package dev.pipewright.spawner.hook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.api.ChangeKind;
import dev.pipewright.protocol.api.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainGitHookTest {
  private static final String NONE = "0".repeat(40);
  private static final String OTHER = "7cadc4d81de53da1958f1f3429da2cbf4ea51028";

  private static Judgement judge(@Nullable String secret, byte[] body, String... headers) {
    List<Map.Entry<String, String>> entries = new ArrayList<>();
    for (int i = 0; i < headers.length; i += 2) {
      entries.add(Map.entry(headers[i], headers[i + 1]));
    }
    return Samples.judge("plain-git", secret, HookHeaders.of(entries), body);
  }

  private static String line(String before, String after, String ref) {
    return before + " " + after + " " + ref + "\n";
  }

  @Test
  void readsEveryLineAndPassesDeletionsAndForeignRefsOver() {
    String body =
        line(NONE, Samples.COMMIT, "refs/heads/feature/x")
            + line(OTHER, NONE, "refs/heads/gone")
            + line(NONE, OTHER, "refs/tags/v1")
            + line(NONE, OTHER, "refs/notes/commits")
            + "\r\n";

    var receipt = judge(null, Samples.utf8(body)).receipt();

    assertThat(receipt.verdict()).isEqualTo(Verdict.BUILD);
    assertThat(receipt.changes())
        .map(change -> change.kind() + " " + change.ref())
        .containsExactly("PUSH refs/heads/feature/x", "TAG refs/tags/v1");
    assertThat(receipt.changes().getFirst().kind()).isEqualTo(ChangeKind.PUSH);
  }

  @Test
  void ignoresAPushThatOnlyDeletes() {
    byte[] body = Samples.utf8(line(OTHER, NONE, "refs/heads/gone"));

    assertThat(judge(null, body).receipt().verdict()).isEqualTo(Verdict.IGNORED);
  }

  @Test
  void readsRepositoriesWithLongHashes() {
    String hash = "ab".repeat(32);
    byte[] body = Samples.utf8(line("0".repeat(64), hash, "refs/heads/main"));

    assertThat(judge(null, body).receipt().changes().getFirst().commit())
        .isEqualTo(new CommitId(hash));
  }

  @Test
  void demandsASignatureOnceThereIsASecret() {
    byte[] body = Samples.utf8(line(NONE, OTHER, "refs/heads/main"));

    assertThat(judge(Samples.SECRET, body)).isInstanceOf(Judgement.Unauthorized.class);
    assertThat(judge(Samples.SECRET, body, "X-Hub-Signature-256", Samples.signature(body)))
        .isInstanceOf(Judgement.Accepted.class);
  }

  @Test
  void takesTheDeliveryIdOfTheScript() {
    byte[] body = Samples.utf8(line(NONE, OTHER, "refs/heads/main"));

    assertThat(judge(null, body, "X-Pipewright-Delivery", "0a1b").receipt().forgeId())
        .isEqualTo("0a1b");
    assertThat(judge(null, body).receipt().forgeId()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "main",
        "a b c\n",
        "0000000000000000000000000000000000000000 7cadc4d refs/heads/main\n",
        "{\"reference\":\"refs/heads/main\"}"
      })
  void refusesWhatIsNotTheLinesOfAHook(String body) {
    assertThat(judge(null, Samples.utf8(body))).isInstanceOf(Judgement.Malformed.class);
  }

  @Test
  void passesANameThatIsNotUtf8Over() {
    byte[] body = line(NONE, OTHER, "refs/heads/\u00fc").getBytes(StandardCharsets.ISO_8859_1);

    assertThat(judge(null, body).receipt().verdict()).isEqualTo(Verdict.IGNORED);
  }

  @Test
  void refusesEverythingForAForgeItDoesNotKnow() {
    byte[] body = Samples.utf8(line(NONE, OTHER, "refs/heads/main"));

    assertThat(Samples.judge("cvs", null, HookHeaders.of(List.of()), body))
        .isInstanceOf(Judgement.Unauthorized.class);
  }
}
