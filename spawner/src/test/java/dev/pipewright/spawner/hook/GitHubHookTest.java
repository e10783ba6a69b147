package dev.pipewright.spawner.hook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.api.ChangeKind;
import dev.pipewright.protocol.api.DeliveryReceipt;
import dev.pipewright.protocol.api.RefChange;
import dev.pipewright.protocol.api.Verdict;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitHubHookTest {
  private static final String PUSH =
      """
      {"ref":"%s","after":"366701fde727cb7a9e7f21eb88264f59f6f9b89c",
       "head_commit":{"message":"%s"},"pusher":{"name":"mona"}}
      """;

  private static Judgement judge(HookHeaders headers, byte[] body) {
    return Samples.judge("github", Samples.SECRET, headers, body);
  }

  private static Judgement push(String ref, String message) {
    byte[] body = Samples.utf8(PUSH.formatted(ref, message));
    return judge(Samples.github("push", body), body);
  }

  @Test
  void computesThePublishedSignature() {
    byte[] signature = Hmac.of(Samples.utf8("Hello, World!"), Samples.SECRET);

    assertThat(HexFormat.of().formatHex(signature))
        .isEqualTo("757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
  }

  @Test
  void refusesABodyThatWasChangedAfterItWasSigned() {
    byte[] body = Samples.utf8(PUSH.formatted("refs/heads/main", "x"));
    HookHeaders headers = Samples.github("push", body);
    body[body.length - 3] = ' ';

    assertThat(judge(headers, body)).isInstanceOf(Judgement.Unauthorized.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sha256=",
        "sha256=00",
        "sha1=3ac6d89200495e32b1eb131da884e75ccead6c8d",
        "sha512=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
        "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
        "sha256=757107EA0EB2509FC211221CCE984B8A37570B6D7586C22C46F4379C8B043E17"
      })
  void refusesASignatureOfAnotherForm(String signature) {
    HookHeaders headers =
        HookHeaders.of(
            List.of(
                Map.entry("X-GitHub-Event", "ping"), Map.entry("X-Hub-Signature-256", signature)));

    assertThat(judge(headers, Samples.utf8("Hello, World!")))
        .isInstanceOf(Judgement.Unauthorized.class);
  }

  @Test
  void refusesADeliveryThatIsSignedWithSha1Only() {
    HookHeaders headers =
        HookHeaders.of(
            List.of(
                Map.entry("X-GitHub-Event", "ping"),
                Map.entry("X-Hub-Signature", "sha1=3ac6d89200495e32b1eb131da884e75ccead6c8d")));

    assertThat(judge(headers, Samples.utf8("{}"))).isInstanceOf(Judgement.Unauthorized.class);
  }

  @Test
  void refusesTwoSignaturesEvenIfOneIsRight() {
    byte[] body = Samples.utf8("{}");
    HookHeaders headers =
        HookHeaders.of(
            List.of(
                Map.entry("X-GitHub-Event", "ping"),
                Map.entry("X-Hub-Signature-256", Samples.signature(body)),
                Map.entry("x-hub-signature-256", Samples.signature(Samples.utf8("x")))));

    assertThat(judge(headers, body)).isInstanceOf(Judgement.Unauthorized.class);
  }

  @Test
  void refusesEverythingForASourceWithoutSecret() {
    byte[] body = Samples.utf8("{}");

    assertThat(Samples.judge("github", null, Samples.github("ping", body), body))
        .isInstanceOf(Judgement.Unauthorized.class);
  }

  @Test
  void neverLetsAForgedDeliveryTakeAnId() {
    byte[] body = Samples.utf8("{}");
    HookHeaders headers = Samples.github("push", Samples.utf8("other"));

    assertThat(judge(headers, body).receipt().forgeId()).isNull();
    assertThat(judge(headers, body).receipt().verdict()).isEqualTo(Verdict.REJECTED);
  }

  private static DeliveryReceipt withIds(String... ids) {
    byte[] body = Samples.utf8(PUSH.formatted("refs/heads/main", "x"));
    List<Map.Entry<String, String>> headers =
        new ArrayList<>(
            List.of(
                Map.entry("X-GitHub-Event", "push"),
                Map.entry("X-Hub-Signature-256", Samples.signature(body))));
    for (String id : ids) {
      headers.add(Map.entry("X-GitHub-Delivery", id));
    }
    return judge(HookHeaders.of(headers), body).receipt();
  }

  @Test
  void anIdThatAProxyHasSpoiltIsNoReasonToRefuseTheDelivery() {
    assertThat(withIds("a@b/c==").forgeId()).isEqualTo("a@b/c==");
    for (DeliveryReceipt receipt :
        List.of(withIds("a", "b"), withIds("x".repeat(501)), withIds(""), withIds())) {
      assertThat(receipt.verdict()).isEqualTo(Verdict.BUILD);
      assertThat(receipt.forgeId()).isNull();
    }
  }

  @Test
  void aPushToAMergeQueueIsTheSameChangeAsItsMergeGroupAndIsNotSkipped() {
    String base = "f95f852bd8fca8fcc58a9a2d6c842781e32a215e";
    DeliveryReceipt receipt =
        push("refs/heads/gh-readonly-queue/release/2.x/pr-7-" + base, "[skip ci]").receipt();

    assertThat(receipt.verdict()).isEqualTo(Verdict.BUILD);
    RefChange change = receipt.changes().getFirst();
    assertThat(change.kind()).isEqualTo(ChangeKind.MERGE_GROUP);
    assertThat(change.baseBranch()).isEqualTo("release/2.x");
    assertThat(change.before()).hasToString(base);
    assertThat(push("refs/heads/gh-readonly-queue/main", "x").receipt().changes().getFirst().kind())
        .isEqualTo(ChangeKind.PUSH);
  }

  @Test
  void readsTheFormOfAForm() {
    String json = PUSH.formatted("refs/heads/a+b&c%d", "message");
    byte[] body = Samples.utf8("x=1&payload=" + URLEncoder.encode(json, StandardCharsets.UTF_8));
    HookHeaders headers =
        HookHeaders.of(
            List.of(
                Map.entry("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
                Map.entry("X-GitHub-Event", "push"),
                Map.entry("X-Hub-Signature-256", Samples.signature(body))));

    assertThat(judge(headers, body).receipt().changes().getFirst().ref())
        .isEqualTo("refs/heads/a+b&c%d");
  }

  @ParameterizedTest
  @ValueSource(strings = {"payload=%zz", "other=1", "", "payload="})
  void refusesAFormWithoutAPayload(String form) {
    byte[] body = Samples.utf8(form);
    HookHeaders headers =
        HookHeaders.of(
            List.of(
                Map.entry("Content-Type", "application/x-www-form-urlencoded"),
                Map.entry("X-GitHub-Event", "push"),
                Map.entry("X-Hub-Signature-256", Samples.signature(body))));

    assertThat(judge(headers, body)).isInstanceOf(Judgement.Malformed.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[skip ci]",
        "text [ci skip] text",
        "[no ci]",
        "[SKIP ACTIONS]",
        "[skip-ci]",
        "[ci_skip]",
        "line\\nline [actions skip]"
      })
  void skipsWhatTheMessageAsksToSkip(String message) {
    assertThat(push("refs/heads/main", message).receipt().verdict()).isEqualTo(Verdict.SKIPPED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"skip ci", "[skip  ci]", "[ci]", "[skip cd]"})
  void buildsWhatOnlyLooksLikeASkipMarker(String message) {
    assertThat(push("refs/heads/main", message).receipt().verdict()).isEqualTo(Verdict.BUILD);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "refs/heads/x$(touch${IFS}pwned)&;|",
        "refs/heads/--upload-pack=touch${IFS}pwned",
        "refs/heads/<img/src=x/onerror=alert(1)>",
        "refs/tags/-oProxyCommand=x"
      })
  void handsHostileNamesOnAsData(String ref) {
    assertThat(push(ref, "x").receipt().changes().getFirst().ref()).isEqualTo(ref);
  }

  @ParameterizedTest
  @ValueSource(strings = {"refs/notes/x", "refs/pull/1/head", "refs/changes/01/1/1"})
  void ignoresWhatIsNoBranchOrTag(String ref) {
    assertThat(push(ref, "x").receipt().verdict()).isEqualTo(Verdict.IGNORED);
  }

  @Test
  void takesOnlyTheSubjectOfAMessageWithoutControlCharacters() {
    String message = "subject \\u001b[31mred\\u0000\\nbody";

    assertThat(push("refs/heads/main", message).receipt().changes().getFirst().message())
        .isEqualTo("subject  [31mred");
  }

  @Test
  void distrustsAPullRequestWhoseForkWasDeleted() {
    byte[] body =
        Samples.utf8(
            """
            {"action":"opened","number":7,"pull_request":{"number":7,
              "head":{"sha":"366701fde727cb7a9e7f21eb88264f59f6f9b89c","repo":null},
              "base":{"ref":"main","repo":{"full_name":"a/b"}}}}
            """);

    assertThat(judge(Samples.github("pull_request", body), body).receipt().verdict())
        .isEqualTo(Verdict.BUILD_UNTRUSTED);
  }
}
