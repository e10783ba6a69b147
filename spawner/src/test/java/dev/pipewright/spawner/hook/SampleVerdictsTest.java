package dev.pipewright.spawner.hook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.api.DeliveryReceipt;
import dev.pipewright.protocol.api.ForeignPolicy;
import dev.pipewright.protocol.api.ForgeKind;
import dev.pipewright.protocol.api.PullRequest;
import dev.pipewright.protocol.api.RefChange;
import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.protocol.json.JsonTree;
import dev.pipewright.protocol.run.Trust;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Judges all recorded deliveries, and compares what is read with what was extracted by others. */
class SampleVerdictsTest {
  private static Stream<Arguments> samples() {
    return arguments(_ -> true);
  }

  private static Stream<Arguments> pushes() {
    return arguments(row -> isBuilt(row) && row.at("headRef").text().isEmpty());
  }

  private static Stream<Arguments> pullRequests() {
    return arguments(row -> isBuilt(row) && row.at("headRef").isPresent());
  }

  private static boolean isBuilt(JsonTree row) {
    return row.at("suggested").text().orElse("").startsWith("build");
  }

  private static Stream<Arguments> arguments(Predicate<JsonTree> wanted) {
    return Samples.rows().stream()
        .filter(wanted)
        .map(row -> Arguments.of(row.at("body").text().orElseThrow(), row));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("samples")
  void givesTheSuggestedVerdict(String body, JsonTree row) {
    Judgement judgement = Samples.judged(row);

    assertThat(judgement).as(judgement.toString()).isInstanceOf(Judgement.Accepted.class);
    assertThat(judgement.receipt().verdict().name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .isEqualTo(suggested(row));
    assertThat(judgement.receipt().reason()).isNotBlank();
    assertThat(judgement.receipt().event()).isEqualTo(row.at("event").text().orElseThrow());
  }

  private static String suggested(JsonTree row) {
    return switch (row.at("suggested").text().orElseThrow()) {
      case "skip" -> "skipped";
      case "ignore" -> "ignored";
      case "reject" -> "rejected";
      case String other -> other;
    };
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("samples")
  void refusesTheDeliveryIfTheSecretIsAnother(String body, JsonTree row) {
    String forge = row.at("forge").text().orElseThrow();
    Judgement judgement =
        Samples.judge(
            forge,
            "another",
            Samples.headers(row.at("headers").text().orElseThrow()),
            Samples.bytes(body));

    if (!body.equals("bitbucket-datacenter/ping.json")) {
      assertThat(judgement).isInstanceOf(Judgement.Unauthorized.class);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pushes")
  void namesRefAndCommit(String body, JsonTree row) {
    DeliveryReceipt receipt = Samples.judged(row).receipt();

    assertThat(receipt.changes()).map(c -> c.ref() + " " + c.commit()).isEqualTo(expected(row));
    RefChange change = receipt.changes().getFirst();
    row.at("author").text().ifPresent(author -> assertThat(change.author()).isEqualTo(author));
    row.at("message").text().ifPresent(text -> assertThat(change.message()).isEqualTo(text));
    Untrusted.commit(row.at("before"))
        .ifPresent(before -> assertThat(change.before()).isEqualTo(before));
    assertThat(change.pull()).isNull();
  }

  private static List<String> expected(JsonTree row) {
    List<JsonTree> changes = row.at("changes").elements();
    return changes.isEmpty()
        ? List.of(row.at("ref").text().orElseThrow() + " " + commit(row))
        : changes.stream()
            .filter(change -> !change.at("closed").isTrue())
            .map(change -> ref(change) + " " + commit(row, change))
            .toList();
  }

  /** The commit that is built; "after" is the tag object of an annotated tag. */
  private static String commit(JsonTree row) {
    return row.at("checkoutSha").text().or(() -> row.at("after").text()).orElseThrow();
  }

  private static String commit(JsonTree row, JsonTree change) {
    return row.at("body")
            .text()
            .orElse("")
            .equals("bitbucket-datacenter/refs-changed-tag-annotated.json")
        ? "fb522a6f08c7c7df337312e4e65ec1b57710672e"
        : change.at("after").text().orElseThrow();
  }

  private static String ref(JsonTree change) {
    return change
        .at("ref")
        .text()
        .orElseGet(
            () ->
                (change.at("type").text().orElse("").equals("tag") ? "refs/tags/" : "refs/heads/")
                    + change.at("name").text().orElseThrow());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pullRequests")
  void namesTheFactsOfAPullRequest(String body, JsonTree row) {
    DeliveryReceipt receipt = Samples.judged(row).receipt();

    assertThat(receipt.changes()).hasSize(1);
    RefChange change = receipt.changes().getFirst();
    PullRequest pull = Objects.requireNonNull(change.pull());
    String number = row.at("number").scalar().orElseThrow();
    boolean foreign = row.at("suggested").text().orElse("").equals("build-untrusted");
    Optional<String> head = row.at("headSha").text();
    assertThat(String.valueOf(pull.number())).isEqualTo(number);
    assertThat(pull.foreign()).isEqualTo(foreign);
    assertThat(pull.headRef()).isEqualTo(full(row.at("headRef")));
    assertThat(pull.baseRef()).isEqualTo(full(row.at("baseRef")));
    assertThat(pull.head()).isEqualTo(head.orElse(null));
    assertThat(change.commit())
        .isEqualTo(head.filter(CommitId::isHash).map(CommitId::new).orElse(null));
    assertThat("refs/heads/" + change.baseBranch()).isEqualTo(pull.baseRef());
    assertThat(change.ref())
        .isEqualTo(
            switch (row.at("forge").text().orElseThrow()) {
              case "gitlab" -> "refs/merge-requests/" + number + "/head";
              case "gerrit" -> pull.headRef();
              case "bitbucket-cloud", "bitbucket-datacenter" ->
                  foreign ? "refs/pull-requests/" + number + "/from" : pull.headRef();
              default -> "refs/pull/" + number + "/head";
            });
    assertThat(pull.title()).isNotBlank();
    assertThat(pull.author()).isNotBlank();
  }

  private static String full(JsonTree name) {
    String text = name.text().orElseThrow();
    return text.startsWith("refs/") ? text : "refs/heads/" + text;
  }

  /** Every change of every sample: pushes are trusted, and no fork is. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("samples")
  void computesTheTrustOfEveryChange(String body, JsonTree row) {
    Trust expected =
        row.at("headRef").text().isEmpty()
            ? Trust.TRUSTED
            : suggested(row).equals("build-untrusted") ? Trust.FOREIGN : Trust.INTERNAL;
    DeliveryReceipt receipt = Samples.judged(row).receipt();

    if (isBuilt(row)) {
      assertThat(receipt.changes()).isNotEmpty();
      assertThat(receipt.changes()).extracting(RefChange::trust).containsOnly(expected);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pullRequests")
  void recordsOnlyWhatAnybodyMayHaveMadeIfTheSourceIgnoresIt(String body, JsonTree row) {
    Verdict usual = Samples.judged(row).receipt().verdict();
    DeliveryReceipt receipt = Samples.judged(row, ForeignPolicy.IGNORE).receipt();

    assertThat(receipt.verdict())
        .isEqualTo(usual == Verdict.BUILD_UNTRUSTED ? Verdict.IGNORED : usual);
    assertThat(receipt.changes()).hasSize(1);
    assertThat(Samples.judged(row, ForeignPolicy.RUN).receipt().verdict()).isEqualTo(usual);
  }

  @Test
  void readsSamplesOfEveryForge() {
    assertThat(Samples.rows()).hasSize(152);
    assertThat(
            Samples.rows().stream()
                .map(row -> row.at("forge").text().orElseThrow())
                .collect(Collectors.toSet()))
        .containsExactlyInAnyOrderElementsOf(ForgeKind.words());
  }
}
