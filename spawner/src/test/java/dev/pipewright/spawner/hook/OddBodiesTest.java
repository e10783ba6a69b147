package dev.pipewright.spawner.hook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.json.JsonTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
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
          "\"refs/heads/../../x\"",
          "\"--upload-pack=touch pwned\"",
          "\"a\\nb\"",
          "[]",
          "[[[{}]]]",
          "[".repeat(100) + "]".repeat(100),
          "{}",
          "\"" + "x".repeat(10_000) + "\"");

  private static Stream<Arguments> bodies() {
    return Samples.rows().stream()
        .filter(row -> row.at("suggested").text().orElse("").matches("build.*|skip"))
        .filter(row -> row.at("body").text().orElseThrow().endsWith(".json"))
        .map(row -> Arguments.of(row.at("body").text().orElseThrow(), row));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bodies")
  void judgesABodyWhateverOneOfItsMembersIs(String sample, JsonTree row) {
    Object root = Json.read(Samples.bytes(sample), Object.class);
    Object slim = slim(root);
    int judged = 0;
    for (List<Object> path : paths(slim, 5)) {
      assertJudged(row, Json.text(changed(slim, path, MISSING)));
      for (String odd : ODD) {
        assertJudged(row, Json.text(changed(slim, path, MARK)).replace('"' + MARK + '"', odd));
        judged++;
      }
    }
    assertThat(judged).isGreaterThan(30);
  }

  private static final String MARK = "the-member-to-be-replaced";
  private static final String MISSING = "the-member-to-be-removed";
  private static final Set<String> NEVER_READ = Set.of("links", "_links", "labels", "assignees");

  /** The body without what makes it long: members that are never read, and all but two elements. */
  private static Object slim(Object node) {
    return switch (node) {
      case Map<?, ?> map -> {
        Map<Object, Object> copy = new LinkedHashMap<>();
        map.forEach(
            (name, value) -> {
              String text = String.valueOf(name);
              if (!NEVER_READ.contains(text)
                  && !text.endsWith("_url")
                  && !text.endsWith("_count")) {
                copy.put(name, value == null ? null : slim(value));
              }
            });
        yield copy;
      }
      case List<?> list -> list.stream().limit(2).map(OddBodiesTest::slim).toList();
      default -> node;
    };
  }

  private static void assertJudged(JsonTree row, String text) {
    byte[] body = Samples.utf8(text);
    String forge = row.at("forge").text().orElseThrow();
    String secret = "s";
    HookHeaders headers =
        Samples.signed(Samples.headerLines(row.at("headers").text().orElseThrow()), body, secret);
    Judgement judgement = Samples.judge(forge, secret, headers, body);
    assertThat(judgement).isInstanceOfAny(Judgement.Accepted.class, Judgement.Malformed.class);
    assertThat(judgement.receipt().reason()).hasSizeBetween(1, 300);
    assertThat(judgement.receipt().changes())
        .allSatisfy(change -> assertThat(RefText.isFull(change.ref())).isTrue());
    if (judgement instanceof Judgement.Malformed) {
      assertThat(judgement.receipt().verdict()).isEqualTo(Verdict.REJECTED);
    }
  }

  private static List<List<Object>> paths(Object node, int depth) {
    List<List<Object>> found = new ArrayList<>();
    if (depth > 0 && node instanceof Map<?, ?> map) {
      map.forEach((name, value) -> add(found, name, value, depth));
    } else if (depth > 0 && node instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        add(found, i, list.get(i), depth);
      }
    }
    return found;
  }

  private static void add(List<List<Object>> found, Object name, Object value, int depth) {
    found.add(List.of(name));
    for (List<Object> below : paths(value, depth - 1)) {
      List<Object> path = new ArrayList<>(List.of(name));
      path.addAll(below);
      found.add(path);
    }
  }

  private static Object changed(Object node, List<Object> path, String to) {
    if (path.isEmpty()) {
      return to;
    }
    if (node instanceof List<?> list) {
      List<Object> copy = new ArrayList<>(list);
      int index = (int) path.getFirst();
      if (path.size() == 1 && to.equals(MISSING)) {
        copy.remove(index);
      } else {
        copy.set(index, changed(copy.get(index), path.subList(1, path.size()), to));
      }
      return copy;
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

    assertThat(Samples.judge("github", Samples.SECRET, Samples.github("push", body), body))
        .isInstanceOf(Judgement.Malformed.class);
  }

  @Test
  void refusesBottomlessNesting() {
    byte[] body = Samples.utf8("[".repeat(200_000));

    assertThat(Samples.judge("github", Samples.SECRET, Samples.github("push", body), body))
        .isInstanceOf(Judgement.Malformed.class);
  }
}
