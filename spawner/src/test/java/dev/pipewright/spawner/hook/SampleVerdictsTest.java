package dev.pipewright.spawner.hook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.api.DeliveryReceipt;
import dev.pipewright.protocol.api.RefChange;
import dev.pipewright.protocol.api.SourceWithSecret;
import dev.pipewright.protocol.json.JsonTree;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SampleVerdictsTest {
  private static Stream<Arguments> samples() {
    return arguments(Samples.rows());
  }

  private static Stream<Arguments> builds() {
    return arguments(
        Samples.rows().stream()
            .filter(row -> row.at("suggested").text().orElse("").startsWith("build"))
            .toList());
  }

  private static Stream<Arguments> arguments(List<JsonTree> rows) {
    return rows.stream().map(row -> Arguments.of(row.at("body").text().orElseThrow(), row));
  }

  private static Judgement judge(String body, JsonTree row) {
    String forge = row.at("forge").text().orElseThrow();
    String secret = body.contains("signed-vector") ? "123" : Samples.SECRET;
    SourceWithSecret source = Samples.source(forge, forge.equals("github") ? secret : null);
    return Hooks.judge(
        source, Samples.headers(row.at("headers").text().orElseThrow()), Samples.bytes(body));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("samples")
  void givesTheSuggestedVerdict(String body, JsonTree row) {
    Judgement judgement = judge(body, row);

    assertThat(judgement).isInstanceOf(Judgement.Accepted.class);
    assertThat(judgement.receipt().verdict().name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .isEqualTo(suggested(row));
    assertThat(judgement.receipt().reason()).isNotBlank();
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
  @MethodSource("builds")
  void namesRefAndCommit(String body, JsonTree row) {
    DeliveryReceipt receipt = judge(body, row).receipt();

    if (row.at("changes").isPresent()) {
      List<String> expected =
          row.at("changes").elements().stream()
              .map(c -> c.at("ref").text().orElseThrow() + " " + c.at("after").text().orElseThrow())
              .toList();
      assertThat(receipt.changes()).map(c -> c.ref() + " " + c.commit()).isEqualTo(expected);
      return;
    }
    RefChange change = receipt.changes().getFirst();
    String ref =
        row.at("ref")
            .text()
            .orElseGet(() -> "refs/pull/" + row.at("number").scalar().orElseThrow() + "/head");
    assertThat(change.ref()).isEqualTo(ref);
    assertThat(change.commit().value())
        .isEqualTo(row.at("after").text().or(() -> row.at("headSha").text()).orElseThrow());
    row.at("baseRef").text().ifPresent(base -> assertThat(change.baseBranch()).isEqualTo(base));
  }

  @Test
  void readsEverySampleThereIs() {
    assertThat(count("github")).isEqualTo(46);
    assertThat(count("plain-git")).isEqualTo(7);
  }

  private static long count(String forge) {
    return Samples.rows().stream()
        .filter(row -> row.at("forge").text().orElse("").equals(forge))
        .count();
  }
}
