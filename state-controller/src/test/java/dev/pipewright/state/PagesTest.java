package dev.pipewright.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.AuditEntry;
import dev.pipewright.protocol.api.DeliveryView;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.Role;
import dev.pipewright.protocol.api.TokenSelf;
import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.protocol.run.RunSnapshot;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who walks through a list while others add to it sees what was there, each entry once. */
class PagesTest {
  private Bench bench;
  private int added;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    bench = new Bench(folder);
  }

  /** All entries, page by page, with something that happens after each page. */
  private static <T, I> List<I> walk(
      Function<@Nullable String, Page<T>> list, Function<T, I> id, Runnable between) {
    List<I> seen = new ArrayList<>();
    String after = null;
    do {
      Page<T> page = list.apply(after);
      page.items().forEach(item -> seen.add(id.apply(item)));
      after = page.next();
      between.run();
    } while (after != null);
    return seen;
  }

  private RunId create(String pipeline) {
    added++;
    bench.pass(Duration.ofSeconds(1));
    return bench.cases.runs().create(Samples.order(pipeline, "key of " + added)).run().id();
  }

  private void createAndCancel(String pipeline) {
    RunSnapshot unused = bench.cases.runs().cancel(create(pipeline), "ann", null);
  }

  @Test
  void theHistoryOfAPipelineStaysInPlaceWhileRunsAreMade() {
    List<RunId> before = Stream.generate(() -> create("shop")).limit(20).toList().reversed();
    PipelineName shop = new PipelineName("shop");
    assertThat(
            walk(
                after -> bench.cases.runs().list(shop, 3, after),
                RunSnapshot::id,
                () -> createAndCancel("shop")))
        .isEqualTo(before);
  }

  @Test
  void theRunsOfAllPipelinesStayInPlaceWhenTheLastOneSeenIsListedNoMore() {
    List<RunId> before = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      before.addFirst(create("calm"));
    }
    createAndCancel("busy");
    List<RunId> seen =
        walk(
            after -> bench.cases.runs().list(1, after),
            RunSnapshot::id,
            () -> Stream.generate(() -> "busy").limit(31).forEach(this::createAndCancel));
    assertThat(seen).first().isEqualTo(RunId.parse("busy#1"));
    assertThat(seen.subList(1, seen.size())).isEqualTo(before);
  }

  private String deliver(Verdict verdict) {
    added++;
    return bench.cases.deliveries().receive(Samples.receipt("forge " + added, verdict)).id();
  }

  @Test
  void deliveriesStayInPlaceWhileOthersCome() {
    List<String> before =
        Stream.generate(() -> deliver(Verdict.IGNORED)).limit(20).toList().reversed();
    assertThat(
            walk(
                after -> bench.cases.deliveries().list(null, 3, after),
                DeliveryView::id,
                () -> deliver(Verdict.IGNORED)))
        .isEqualTo(before);
  }

  @Test
  void deliveriesAreNotShownAgainWhenTheLastOneSeenIsForgotten() {
    for (int i = 0; i < 100; i++) {
      String unused = deliver(Verdict.REJECTED);
    }
    Page<DeliveryView> first = bench.cases.deliveries().list(null, 10, null);
    for (int i = 0; i < 100; i++) {
      String unused = deliver(Verdict.REJECTED);
    }
    assertThat(bench.cases.deliveries().list(null, 10, first.next()).items()).isEmpty();
  }

  @Test
  void theAuditLogStaysInPlaceWhileItGrows() {
    TokenSelf ann = TokenSelf.person(Role.ADMIN, "ann");
    for (int i = 0; i < 20; i++) {
      bench.cases.audit().add(ann, "cancel a run", "/runs/" + i, 200, "10.0.0.1");
    }
    List<String> seen =
        walk(
            after -> bench.cases.audit().list(3, after),
            AuditEntry::target,
            () -> bench.cases.audit().add(ann, "cancel a run", "/late", 200, "10.0.0.1"));
    assertThat(seen).hasSize(20).doesNotHaveDuplicates().doesNotContain("/late");
  }

  @Test
  void whatIsNoPlaceInAListIsRefusedInWords() {
    List<Function<String, Page<?>>> lists =
        List.of(
            after -> bench.cases.runs().list(3, after),
            after -> bench.cases.runs().list(new PipelineName("shop"), 3, after),
            after -> bench.cases.deliveries().list(null, 3, after),
            after -> bench.cases.announcements().list(3, after),
            after -> bench.cases.audit().list(3, after));
    for (String bad : List.of("x", "-1", "2026-11-28T12:00:00Z/", "9".repeat(30))) {
      for (Function<String, Page<?>> list : lists) {
        assertThatThrownBy(() -> list.apply(bad))
            .isInstanceOfSatisfying(
                ApiException.class, e -> assertThat(e.problem().status()).isEqualTo(400))
            .hasMessageContaining("'after'");
      }
    }
  }
}
