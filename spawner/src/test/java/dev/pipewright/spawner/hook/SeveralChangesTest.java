package dev.pipewright.spawner.hook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.api.DeliveryReceipt;
import dev.pipewright.protocol.api.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Deliveries that tell of several refs, and the tags of Gogs, which come in an event of their own.
 */
class SeveralChangesTest {
  private static final String SECRET = "hook-secret";
  private static final String ONE = "1".repeat(40);
  private static final String TWO = "2".repeat(40);
  private static final String THREE = "3".repeat(40);
  private static final String NONE = "0".repeat(40);

  @Test
  void everyChangeOfABitbucketPushIsReadAndDeletionsArePassedOver() {
    DeliveryReceipt receipt =
        judged(
            "bitbucket-cloud",
            "repo:push",
            """
            {"push":{"changes":[
              {"old":null,"new":{"type":"branch","name":"main","target":{"hash":"%1$s"}}},
              {"old":{"type":"branch","name":"gone","target":{"hash":"%3$s"}},"new":null},
              {"new":{"type":"annotated_tag","name":"v1/rc","target":{"hash":"%2$s"}}},
              {"closed":true,"new":{"type":"branch","name":"shut","target":{"hash":"%3$s"}}},
              {"new":{"type":"bookmark","name":"hg","target":{"hash":"%3$s"}}},
              {"new":{"type":"branch","name":"fix","target":{"hash":"%3$s"}},
               "old":{"target":{"hash":"%1$s"}}}
            ]}}
            """
                .formatted(ONE, TWO, THREE));

    assertThat(refs(receipt))
        .containsExactly(
            "refs/heads/main " + ONE, "refs/tags/v1/rc " + TWO, "refs/heads/fix " + THREE);
    assertThat(receipt.changes().getLast().before()).hasToString(ONE);
  }

  @Test
  void aMergeRequestWithoutACommitStartsNothing() {
    DeliveryReceipt receipt =
        judged(
            "gitlab",
            "Merge Request Hook",
            """
            {"object_kind":"merge_request","object_attributes":{"action":"open","iid":7,
             "last_commit":null,"source_branch":"empty","target_branch":"main"}}
            """);

    assertThat(receipt.verdict()).isEqualTo(Verdict.IGNORED);
  }

  @Test
  void everyChangeOfABitbucketDataCenterPushIsRead() {
    DeliveryReceipt receipt =
        judged(
            "bitbucket-datacenter",
            "repo:refs_changed",
            """
            {"changes":[
              {"ref":{"id":"refs/heads/main","type":"BRANCH"},"refId":"refs/heads/main",
               "fromHash":"%4$s","toHash":"%1$s","type":"ADD"},
              {"ref":{"id":"refs/heads/gone","type":"BRANCH"},"refId":"refs/heads/gone",
               "fromHash":"%1$s","toHash":"%4$s","type":"DELETE"},
              {"ref":{"id":"refs/tags/v1","type":"TAG"},"refId":"refs/tags/v1",
               "fromHash":"%4$s","toHash":"%2$s","type":"ADD"}
            ]}
            """
                .formatted(ONE, TWO, THREE, NONE));

    assertThat(refs(receipt)).containsExactly("refs/heads/main " + ONE, "refs/tags/v1 " + TWO);
  }

  @Test
  void everyUpdateOfAGerritBatchIsRead() {
    DeliveryReceipt receipt =
        judged(
            "gerrit",
            "",
            """
            {"type":"batch-ref-updated","refUpdates":[
              {"oldRev":"%3$s","newRev":"%1$s","refName":"refs/heads/main"},
              {"oldRev":"%1$s","newRev":"%3$s","refName":"refs/heads/gone"},
              {"oldRev":"%3$s","newRev":"%1$s","refName":"refs/changes/01/1/1"},
              {"oldRev":"%3$s","newRev":"%2$s","refName":"stable"}
            ]}
            """
                .formatted(ONE, TWO, NONE));

    assertThat(refs(receipt)).containsExactly("refs/heads/main " + ONE, "refs/heads/stable " + TWO);
  }

  @ParameterizedTest
  @CsvSource({"repo:push", "repo:refs_changed"})
  void aPushThatOnlyDeletesIsIgnored(String event) {
    boolean cloud = event.equals("repo:push");
    String body =
        cloud
            ? "{\"push\":{\"changes\":[{\"old\":{\"target\":{\"hash\":\"%s\"}},\"new\":null}]}}"
            : "{\"changes\":[{\"refId\":\"refs/heads/x\",\"type\":\"DELETE\",\"fromHash\":\"%s\",\"toHash\":\""
                + NONE
                + "\"}]}";

    DeliveryReceipt receipt =
        judged(cloud ? "bitbucket-cloud" : "bitbucket-datacenter", event, body.formatted(ONE));

    assertThat(receipt.verdict()).isEqualTo(Verdict.IGNORED);
  }

  @ParameterizedTest
  @CsvSource({"1000, true", "1001, false"})
  void aPushOfMoreThanAThousandRefsIsRefused(int count, boolean accepted) {
    String changes =
        IntStream.range(0, count)
            .mapToObj(
                i ->
                    "{\"new\":{\"type\":\"branch\",\"name\":\"b%d\",\"target\":{\"hash\":\"%s\"}}}"
                        .formatted(i, ONE))
            .collect(Collectors.joining(","));

    Judgement judgement =
        judgement("bitbucket-cloud", "repo:push", "{\"push\":{\"changes\":[" + changes + "]}}");

    assertThat(judgement instanceof Judgement.Accepted).isEqualTo(accepted);
    assertThat(judgement.receipt().changes()).hasSize(accepted ? count : 0);
  }

  @ParameterizedTest
  @CsvSource({"v1.0, refs/tags/v1.0", "refs/tags/v2, refs/tags/v2", "rel/3, refs/tags/rel/3"})
  void aTagOfGogsComesAsItsCreation(String name, String ref) {
    DeliveryReceipt receipt =
        judged(
            "gogs",
            "create",
            "{\"ref\":\"%s\",\"ref_type\":\"tag\",\"sha\":\"%s\",\"sender\":{\"login\":\"unknwon\"}}"
                .formatted(name, ONE));

    assertThat(receipt.verdict()).isEqualTo(Verdict.BUILD);
    assertThat(refs(receipt)).containsExactly(ref + " " + ONE);
  }

  @Test
  void aBranchThatGogsCreatesComesAsAPushToo() {
    DeliveryReceipt receipt =
        judged(
            "gogs",
            "create",
            "{\"ref\":\"main\",\"ref_type\":\"branch\",\"sha\":\"%s\"}".formatted(ONE));

    assertThat(receipt.verdict()).isEqualTo(Verdict.IGNORED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "a b", "x.lock", "", "/x", "x~1"})
  void aTagOfGogsThatGitCannotHaveIsRefused(String name) {
    Judgement judgement =
        judgement(
            "gogs",
            "create",
            "{\"ref\":\"%s\",\"ref_type\":\"tag\",\"sha\":\"%s\"}".formatted(name, ONE));

    assertThat(judgement).isInstanceOf(Judgement.Malformed.class);
  }

  private static List<String> refs(DeliveryReceipt receipt) {
    return receipt.changes().stream().map(c -> c.ref() + " " + c.commit()).toList();
  }

  private static DeliveryReceipt judged(String forge, String event, String body) {
    Judgement judgement = judgement(forge, event, body);
    assertThat(judgement).as(judgement.toString()).isInstanceOf(Judgement.Accepted.class);
    return judgement.receipt();
  }

  private static Judgement judgement(String forge, String event, String body) {
    byte[] bytes = Samples.utf8(body);
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    headers.add(Map.entry("Content-Type", "application/json"));
    Stream.of("X-Event-Key", "X-Gogs-Event", "X-Gitlab-Event")
        .filter(name -> !event.isEmpty())
        .forEach(name -> headers.add(Map.entry(name, event)));
    headers.add(Map.entry("X-Hub-Signature", "sha256=" + Samples.hex(bytes, SECRET)));
    headers.add(Map.entry("X-Gitlab-Token", SECRET));
    headers.add(Map.entry("X-Gogs-Signature", Samples.hex(bytes, SECRET)));
    return Samples.judge(forge, SECRET, HookHeaders.of(headers).withToken(SECRET), bytes);
  }
}
