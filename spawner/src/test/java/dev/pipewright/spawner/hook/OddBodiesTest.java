package dev.pipewright.spawner.hook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.api.SourceWithSecret;
import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.protocol.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Replaces every member of real bodies by something else: a judgement must come out each time. */
class OddBodiesTest {
  private static final List<String> ODD =
      List.of(
          "null",
          "true",
          "-1",
          "1e400",
          "\"\"",
          "\"text\"",
          "\"\\u0000\\ud800\"",
          "[]",
          "[[[{}]]]",
          "{}",
          "\"" + "x".repeat(2_000) + "\"");

  private static Stream<String> bodies() {
    return Stream.of(
        "push:github/push-branch.json",
        "push:github/push-skip-ci.json",
        "pull_request:github/pull-request-opened-from-fork.json",
        "merge_group:github/merge-group-checks-requested-minimal.json",
        "post-receive:plain-git/semaphore-json-branch.json");
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void judgesABodyWhateverOneOfItsMembersIs(String sample) {
    String event = sample.substring(0, sample.indexOf(':'));
    Object root = Json.read(Samples.bytes(sample.substring(sample.indexOf(':') + 1)), Object.class);
    int judged = 0;
    for (List<Object> path : paths(root, 3)) {
      assertJudged(event, Json.text(changed(root, path, MISSING)));
      for (String odd : ODD) {
        String text = Json.text(changed(root, path, MARK)).replace('"' + MARK + '"', odd);
        assertJudged(event, text);
        judged++;
      }
    }
    assertThat(judged).isGreaterThan(30);
  }

  private static final String MARK = "the-member-to-be-replaced";
  private static final String MISSING = "the-member-to-be-removed";

  private static void assertJudged(String event, String text) {
    byte[] body = Samples.utf8(text);
    boolean plain = event.equals("post-receive");
    SourceWithSecret source = Samples.source(plain ? "plain-git" : "github", Samples.SECRET);
    Judgement judgement = Hooks.judge(source, Samples.github(event, body), body);
    assertThat(judgement).isNotInstanceOf(Judgement.Unauthorized.class);
    assertThat(judgement.receipt().reason()).hasSizeBetween(1, 300);
    assertThat(judgement.receipt().changes())
        .allSatisfy(change -> assertThat(change.ref()).startsWith("refs/").hasSizeLessThan(1001));
    if (judgement instanceof Judgement.Malformed) {
      assertThat(judgement.receipt().verdict()).isEqualTo(Verdict.REJECTED);
    }
  }

  private static List<List<Object>> paths(Object node, int depth) {
    List<List<Object>> found = new ArrayList<>();
    if (depth > 0 && node instanceof Map<?, ?> map) {
      map.forEach(
          (name, value) -> {
            found.add(List.of(name));
            for (List<Object> below : paths(value, depth - 1)) {
              List<Object> path = new ArrayList<>(List.of(name));
              path.addAll(below);
              found.add(path);
            }
          });
    }
    return found;
  }

  private static Object changed(Object node, List<Object> path, String to) {
    if (path.isEmpty()) {
      return to;
    }
    Map<Object, Object> copy = new LinkedHashMap<>((Map<?, ?>) node);
    if (path.size() == 1 && to.equals(MISSING)) {
      copy.remove(path.getFirst());
    } else {
      Object below = copy.get(path.getFirst());
      copy.put(
          path.getFirst(), changed(below == null ? "" : below, path.subList(1, path.size()), to));
    }
    return copy;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "1",
        "\"x\"",
        "[]",
        "{",
        "{}{}",
        "{\"ref\":\"a\",\"ref\":\"b\"}",
        "\u0000"
      })
  void refusesWhatIsNoJsonObject(String text) {
    byte[] body = Samples.utf8(text);

    assertThat(
            Hooks.judge(
                Samples.source("github", Samples.SECRET), Samples.github("push", body), body))
        .isInstanceOf(Judgement.Malformed.class);
  }

  @Test
  void refusesBottomlessNesting() {
    byte[] body = Samples.utf8("[".repeat(200_000));

    assertThat(
            Hooks.judge(
                Samples.source("github", Samples.SECRET), Samples.github("push", body), body))
        .isInstanceOf(Judgement.Malformed.class);
  }
}
