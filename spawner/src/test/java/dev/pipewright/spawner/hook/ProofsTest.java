package dev.pipewright.spawner.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which header, which bytes and which token count, where a sender gives several. */
class ProofsTest {
  private static final String SECRET = "hook-secret";
  private static final String PUSH =
      "{\"ref\":\"refs/heads/a+b&c%d\",\"after\":\"" + Samples.COMMIT + "\",\"before\":null}";
  private static final byte[] BODY = Samples.utf8(PUSH.replace("a+b&c%d", "main"));
  private static final String RIGHT = Samples.hex(BODY, SECRET);
  private static final String WRONG = Samples.hex(BODY, "another");

  @ParameterizedTest
  @CsvSource({
    "forgejo, X-Forgejo-Signature, X-Gitea-Signature",
    "forgejo, X-Gitea-Signature, X-Gogs-Signature",
    "gitea, X-Gitea-Signature, X-Gogs-Signature",
    "gitea, X-Gogs-Signature, X-Hub-Signature-256",
    "gogs, X-Gogs-Signature, X-Hub-Signature-256",
  })
  void theFirstSignatureThatIsThereCountsAndNoOther(String forge, String first, String second) {
    assertThat(judge(forge, signed(first, RIGHT, second, WRONG)))
        .isInstanceOf(Judgement.Accepted.class);
    assertThat(judge(forge, signed(first, WRONG, second, RIGHT)))
        .isInstanceOf(Judgement.Unauthorized.class);
    assertThat(judge(forge, signed(first, "", second, RIGHT)))
        .isInstanceOf(Judgement.Unauthorized.class);
    assertThat(judge(forge, signed(second, RIGHT))).isInstanceOf(Judgement.Accepted.class);
  }

  @ParameterizedTest
  @CsvSource({
    "github, X-Gitea-Signature",
    "gitea, X-Forgejo-Signature",
    "gogs, X-Gitea-Signature",
    "bitbucket-cloud, X-Hub-Signature-256",
    "bitbucket-datacenter, X-Gogs-Signature",
    "gitlab, X-Hub-Signature-256",
  })
  void theSignatureOfAnotherForgeIsNone(String forge, String header) {
    assertThat(judge(forge, signed(header, RIGHT))).isInstanceOf(Judgement.Unauthorized.class);
  }

  @Test
  void theOwnNameOfAForgeNamesEventAndDelivery() {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    headers.add(Map.entry("X-GitHub-Event", "pull_request"));
    headers.add(Map.entry("X-GitHub-Delivery", "of-github"));
    headers.add(Map.entry("X-Gitea-Event", "ping"));
    headers.add(Map.entry("X-Gitea-Delivery", "of-gitea"));
    headers.add(Map.entry("X-Forgejo-Event", "push"));
    headers.add(Map.entry("X-Forgejo-Delivery", "of-forgejo"));
    headers.add(Map.entry("X-Forgejo-Signature", RIGHT));
    headers.add(Map.entry("X-Gitea-Signature", RIGHT));

    Judgement forgejo = judge("forgejo", HookHeaders.of(headers));
    Judgement gitea = judge("gitea", HookHeaders.of(headers));

    assertThat(forgejo.receipt().event()).isEqualTo("push");
    assertThat(forgejo.receipt().forgeId()).isEqualTo("of-forgejo");
    assertThat(gitea.receipt().event()).isEqualTo("ping");
    assertThat(gitea.receipt().forgeId()).isEqualTo("of-gitea");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gitea", "forgejo", "gogs"})
  void ofAFormTheBytesOrTheirPayloadMayBeSigned(String forge) {
    byte[] form = Samples.utf8("payload=" + URLEncoder.encode(PUSH, StandardCharsets.UTF_8));

    for (String signature :
        List.of(Samples.hex(form, SECRET), Samples.hex(Samples.utf8(PUSH), SECRET))) {
      Judgement judgement = Samples.judge(forge, SECRET, ofForm(forge, signature), form);
      assertThat(judgement).as(judgement.toString()).isInstanceOf(Judgement.Accepted.class);
      assertThat(judgement.receipt().changes().getFirst().ref()).isEqualTo("refs/heads/a+b&c%d");
    }
    assertThat(Samples.judge(forge, SECRET, ofForm(forge, WRONG), form))
        .isInstanceOf(Judgement.Unauthorized.class);
  }

  @Test
  void aFormOfGitHubIsSignedAsItIsSent() {
    byte[] form =
        Samples.utf8(
            "payload="
                + URLEncoder.encode(
                    new String(BODY, StandardCharsets.UTF_8), StandardCharsets.UTF_8));

    assertThat(
            Samples.judge(
                "github", SECRET, ofForm("github", "sha256=" + Samples.hex(form, SECRET)), form))
        .isInstanceOf(Judgement.Accepted.class);
    assertThat(Samples.judge("github", SECRET, ofForm("github", "sha256=" + RIGHT), form))
        .isInstanceOf(Judgement.Unauthorized.class);
  }

  @Test
  void ofACompressedBodyTheBytesBeforeOrAfterMayBeSigned() throws IOException {
    byte[] packed = gzip(BODY);

    for (String signature : List.of(RIGHT, Samples.hex(packed, SECRET))) {
      Judgement judgement = Samples.judge("gitea", SECRET, compressed("GZip", signature), packed);
      assertThat(judgement).isInstanceOf(Judgement.Accepted.class);
      assertThat(judgement.receipt().changes().getFirst().ref()).isEqualTo("refs/heads/main");
    }
    assertThat(Samples.judge("gitea", SECRET, compressed("gzip", WRONG), packed))
        .isInstanceOf(Judgement.Unauthorized.class);
    assertThat(Samples.judge("gitea", SECRET, compressed("br", RIGHT), BODY))
        .isInstanceOf(Judgement.Malformed.class);
    assertThat(Samples.judge("gitea", SECRET, compressed("gzip", RIGHT), BODY))
        .isInstanceOf(Judgement.Malformed.class);
  }

  @Test
  void gerritIsBelievedByTheTokenInItsUrlAlone() {
    byte[] event = Samples.bytes("gerrit/ref-updated-branch-created.json");
    HookHeaders bare = Samples.headers("gerrit/ref-updated-branch-created.headers");

    assertThat(Samples.judge("gerrit", SECRET, bare.withToken(SECRET), event))
        .isInstanceOf(Judgement.Accepted.class);
    for (String token : List.of("", "hook-secre", "hook-secrets", "HOOK-SECRET")) {
      assertThat(Samples.judge("gerrit", SECRET, bare.withToken(token), event))
          .as(token)
          .isInstanceOf(Judgement.Unauthorized.class);
    }
    assertThat(Samples.judge("gerrit", SECRET, bare, event))
        .isInstanceOf(Judgement.Unauthorized.class);
  }

  @Test
  void gerritWithoutASecretIsBelievedAsItWasConfigured() {
    byte[] event = Samples.bytes("gerrit/ref-updated-branch-created.json");
    HookHeaders bare = Samples.headers("gerrit/ref-updated-branch-created.headers");

    assertThat(Samples.judge("gerrit", null, bare, event)).isInstanceOf(Judgement.Accepted.class);
  }

  @Test
  void aTokenInTheUrlIsNoSignatureOfOthers() {
    for (String forge : List.of("github", "gitlab", "gitea", "bitbucket-cloud", "plain-git")) {
      HookHeaders headers =
          HookHeaders.of(List.of(Map.entry("X-GitHub-Event", "push"))).withToken(SECRET);
      assertThat(Samples.judge(forge, SECRET, headers, BODY))
          .as(forge)
          .isInstanceOf(Judgement.Unauthorized.class);
    }
  }

  @Test
  void theSameEventOfGerritIsTheSameDelivery() {
    byte[] event = Samples.bytes("gerrit/ref-updated-branch-created.json");
    HookHeaders headers =
        Samples.headers("gerrit/ref-updated-branch-created.headers").withToken(SECRET);
    byte[] later =
        new String(event, StandardCharsets.UTF_8)
            .replace("1700147670", "1700147671")
            .getBytes(StandardCharsets.UTF_8);

    String id = Samples.judge("gerrit", SECRET, headers, event).receipt().forgeId();

    assertThat(id).isNotBlank();
    assertThat(Samples.judge("gerrit", SECRET, headers, event).receipt().forgeId()).isEqualTo(id);
    assertThat(Samples.judge("gerrit", SECRET, headers, later).receipt().forgeId())
        .isNotEqualTo(id);
  }

  private static Judgement judge(String forge, HookHeaders headers) {
    return Samples.judge(forge, SECRET, headers, BODY);
  }

  /** The headers of a push with these signatures, given as name, value, name, value. */
  private static HookHeaders signed(String... signatures) {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    headers.add(Map.entry("Content-Type", "application/json"));
    headers.add(Map.entry("X-Gogs-Event", "push"));
    headers.add(Map.entry("X-GitHub-Event", "push"));
    headers.add(Map.entry("X-Event-Key", "repo:push"));
    for (int i = 0; i < signatures.length; i += 2) {
      boolean prefixed = signatures[i].startsWith("X-Hub") && !signatures[i + 1].isEmpty();
      headers.add(Map.entry(signatures[i], (prefixed ? "sha256=" : "") + signatures[i + 1]));
    }
    return HookHeaders.of(headers);
  }

  private static HookHeaders ofForm(String forge, String signature) {
    String name = forge.equals("github") ? "X-Hub-Signature-256" : "X-Gogs-Signature";
    return HookHeaders.of(
        List.of(
            Map.entry("Content-Type", "application/x-www-form-urlencoded"),
            Map.entry("X-GitHub-Event", "push"),
            Map.entry(name, signature)));
  }

  private static HookHeaders compressed(String encoding, String signature) {
    return HookHeaders.of(
        List.of(
            Map.entry("Content-Type", "application/json"),
            Map.entry("Content-Encoding", encoding),
            Map.entry("X-Gitea-Event", "push"),
            Map.entry("X-Gitea-Signature", signature)));
  }

  private static byte[] gzip(byte[] body) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(body);
    }
    return out.toByteArray();
  }
}
