package dev.pipewright.state.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.PipelineName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is counted is what docs/metrics.md and the dashboard say. */
class MetersTest {
  private static final Path DOCS = Path.of("..", "docs");
  private static final Pattern ROW =
      Pattern.compile("^\\| `([a-z.]+)` \\| `([a-z_]+)` \\|([^|]*)\\|", Pattern.MULTILINE);
  private static final Pattern QUERY = Pattern.compile("\"expr\": *\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern NAME =
      Pattern.compile("\\b(?:pipewright|jvm|process)_[a-z_]+\\b(?=[{\\[) ]|$)");

  private Counted counted;

  @BeforeEach
  void count(@TempDir Path folder) throws IOException {
    counted = new Counted(folder, null);
  }

  @AfterEach
  void close() {
    counted.close();
  }

  private Map<String, Set<String>> registered() {
    Map<String, Set<String>> found = new TreeMap<>();
    for (Meter meter : counted.meters.registry().getMeters()) {
      Set<String> tags = found.computeIfAbsent(meter.getId().getName(), any -> new TreeSet<>());
      meter.getId().getTags().stream().map(Tag::getKey).forEach(tags::add);
    }
    return found;
  }

  private static Map<String, Set<String>> documented() throws IOException {
    Map<String, Set<String>> found = new TreeMap<>();
    Matcher row = ROW.matcher(Files.readString(DOCS.resolve("metrics.md")));
    while (row.find()) {
      Set<String> tags =
          Pattern.compile("`([a-z.]+)`")
              .matcher(row.group(3))
              .results()
              .map(tag -> tag.group(1))
              .collect(Collectors.toCollection(TreeSet::new));
      found.put(row.group(1), tags);
    }
    return found;
  }

  /** The collector decides which of these there are, and some come with the first collection. */
  private static boolean isOfTheCollector(String name) {
    return name.startsWith("jvm.gc.");
  }

  @Test
  void everyNumberIsDocumentedWithItsTagsAndTheOtherWayRound() throws IOException {
    Map<String, Set<String>> registered = registered();
    Map<String, Set<String>> documented = documented();
    Set<String> all = Set.copyOf(documented.keySet());
    assertThat(all).containsAll(registered.keySet());
    registered.keySet().removeIf(MetersTest::isOfTheCollector);
    documented.keySet().removeIf(MetersTest::isOfTheCollector);
    assertThat(documented).isEqualTo(registered);
  }

  @Test
  void prometheusKnowsThemByTheNamesOfThePage() throws IOException {
    String scrape = counted.meters.scrape();
    Map<String, String> names = new HashMap<>();
    Matcher row = ROW.matcher(Files.readString(DOCS.resolve("metrics.md")));
    while (row.find()) {
      if (!isOfTheCollector(row.group(1))) {
        names.put(row.group(1), row.group(2));
      }
    }
    assertThat(names).isNotEmpty();
    names.forEach(
        (name, known) ->
            assertThat(scrape.lines().anyMatch(line -> line.matches("# TYPE " + known + " .*")))
                .as("%s as %s", name, known)
                .isTrue());
  }

  @Test
  void theDashboardAsksForNothingThatIsNotThere() throws IOException {
    Set<String> there =
        counted
            .meters
            .scrape()
            .lines()
            .filter(line -> !line.startsWith("#"))
            .map(line -> line.split("[{ ]", 2)[0])
            .collect(Collectors.toSet());
    Set<String> asked = new TreeSet<>();
    Matcher query =
        QUERY.matcher(Files.readString(DOCS.resolve("grafana").resolve("pipewright.json")));
    while (query.find()) {
      NAME.matcher(query.group(1)).results().forEach(name -> asked.add(name.group()));
    }
    asked.removeIf(name -> name.startsWith("jvm_gc_"));
    assertThat(asked).hasSizeGreaterThan(10);
    assertThat(there).containsAll(asked);
  }

  @Test
  void manyPipelinesShareOneTag() {
    for (int i = 0; i < PipelineTags.MOST + 20; i++) {
      counted.run("p" + i);
    }
    assertThat(
            counted.meters.registry().getMeters().stream()
                .map(meter -> meter.getId().getTag("pipeline"))
                .filter(tag -> tag != null)
                .distinct())
        .hasSize(PipelineTags.MOST + 1)
        .contains("shop", "p0", PipelineTags.OTHER)
        .doesNotContain("p219");
    PipelineTags tags = new PipelineTags();
    assertThat(tags.of(new PipelineName("a"))).isEqualTo(tags.of(new PipelineName("a")));
  }

  @Test
  void whatARunTookUpIsCountedOnce() {
    assertThat(counted.meters.scrape())
        .contains("pipewright_run_cpu_seconds_total{pipeline=\"shop\"} 1.5")
        .contains("pipewright_run_memory_bytes_count{pipeline=\"shop\"} 1")
        .contains("pipewright_run_disk_bytes_sum{pipeline=\"shop\"} 4.194304E7")
        .contains(
            "pipewright_step_duration_seconds_count{outcome=\"SUCCEEDED\",pipeline=\"shop\"} 1");
  }
}
