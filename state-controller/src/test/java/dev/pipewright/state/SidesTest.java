package dev.pipewright.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.api.SideEnd;
import dev.pipewright.protocol.api.SideReport;
import dev.pipewright.protocol.api.SideRequest;
import dev.pipewright.protocol.api.SideView;
import dev.pipewright.protocol.api.SideView.State;
import dev.pipewright.protocol.api.SideWork;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SidesTest {
  private static final Duration NOW = Duration.ZERO;

  private Bench bench;
  private LaunchOrder run;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    bench = new Bench(folder);
    run = bench.running();
  }

  private SideView want(String key, String name, String image, String... command) {
    return bench
        .cases
        .services()
        .sides()
        .request(run.run(), new SideRequest(run.fence(), key, name, image, List.of(command)));
  }

  private SideView view(String key) {
    return bench.cases.services().sides().view(run.run(), key, null, NOW);
  }

  private Optional<SideWork> claim(String holder) {
    return bench.cases.services().sides().claim(holder, NOW);
  }

  private void report(String key, State state, @Nullable Integer code, @Nullable String reason) {
    bench
        .cases
        .services()
        .sides()
        .reported(run.run(), new SideReport(run.fence(), key, state, code, reason, null));
  }

  private void end(String key) {
    bench.cases.services().sides().end(run.run(), new SideEnd(run.fence(), key));
  }

  @Test
  void aContainerGoesItsWholeWay() {
    assertThat(want("lint", "", "node:22", "sh", "/run/1.sh").state()).isEqualTo(State.WANTED);
    assertThat(want("lint", "", "node:22", "sh", "/run/1.sh").state()).isEqualTo(State.WANTED);
    assertThat(claim("another spawner")).isEmpty();
    assertThat(claim("spawner"))
        .contains(
            new SideWork(
                SideWork.Order.START,
                run.run(),
                1,
                1,
                "lint",
                "",
                "node:22",
                List.of("sh", "/run/1.sh"),
                1));
    assertThat(claim("spawner")).isEmpty();
    assertThat(view("lint").state()).isEqualTo(State.STARTING);
    report("lint", State.RUNNING, null, null);
    assertThat(claim("spawner")).isEmpty();
    report("lint", State.ENDED, 3, "exit code 3");
    assertThat(view("lint")).isEqualTo(new SideView("lint", State.ENDED, 3, "exit code 3"));
    report("lint", State.RUNNING, null, null);
    assertThat(view("lint").state()).isEqualTo(State.ENDED);
  }

  @Test
  void workThatIsGivenBackIsOfferedAtOnce() {
    want("lint", "", "node:22", "sh");
    SideWork lost = claim("spawner").orElseThrow();
    bench.cases.services().sides().giveBack(lost);
    assertThat(claim("spawner")).contains(lost);
  }

  @Test
  void whatIsNotNeededAnyMoreIsStopped() {
    want("db", "db", "postgres:17");
    assertThat(claim("spawner")).isPresent();
    report("db", State.RUNNING, null, null);
    end("db");
    end("db");
    assertThat(claim("spawner").map(SideWork::order)).contains(SideWork.Order.STOP);
    assertThat(claim("spawner")).isEmpty();
    report("db", State.ENDED, 137, "stopped");
    assertThat(claim("spawner")).isEmpty();
    end("unknown");
  }

  @Test
  void theLastOutputIsToldWithTheEndButNotWithoutMeasure() {
    want("db", "db", "postgres:17");
    claim("spawner");
    bench
        .cases
        .services()
        .sides()
        .reported(
            run.run(),
            new SideReport(run.fence(), "db", State.ENDED, 0, "over", "x".repeat(100_000)));

    assertThat(view("db").output()).startsWith("xxx").hasSizeLessThan(70_000);
  }

  @Test
  void whatNobodyHasStartedIsOverAtOnce() {
    want("db", "db", "postgres:17");
    end("db");
    assertThat(view("db").state()).isEqualTo(State.ENDED);
    assertThat(claim("spawner")).isEmpty();
  }

  @Test
  void oneThatIsBeingStartedCanBeStopped() {
    want("db", "db", "postgres:17");
    assertThat(claim("spawner").map(SideWork::order)).contains(SideWork.Order.START);
    end("db");
    assertThat(claim("spawner").map(SideWork::order)).contains(SideWork.Order.STOP);
  }

  @Test
  void workThatIsNotReportedOnIsOfferedAgain() throws Exception {
    want("db", "db", "postgres:17");
    assertThat(claim("spawner")).isPresent();
    bench.pass(Duration.ofSeconds(29));
    assertThat(claim("spawner")).isEmpty();
    report("db", State.STARTING, null, null);
    bench.pass(Duration.ofSeconds(29));
    assertThat(claim("spawner")).isEmpty();
    bench.pass(Duration.ofSeconds(2));
    assertThat(claim("spawner").map(SideWork::key)).contains("db");
    bench.restart();
    assertThat(view("db").state()).isEqualTo(State.STARTING);
    assertThat(claim("spawner").map(SideWork::key)).contains("db");
    report("db", State.RUNNING, null, null);
    bench.restart();
    assertThat(claim("spawner")).isEmpty();
    assertThat(view("db").state()).isEqualTo(State.RUNNING);
  }

  @Test
  void theEndOfTheLaunchIsTheEndOfWhatStandsBesideIt() throws Exception {
    want("db", "db", "postgres:17");
    bench
        .cases
        .queue()
        .ended(run.run(), new LaunchEnd(1, LaunchEnd.Kind.OOM, null, "out of memory"));
    assertThat(claim("spawner")).isEmpty();
    assertThatThrownBy(() -> view("db")).hasMessageContaining("has no container 'db'");
    report("db", State.ENDED, 1, null);
    bench.restart();
    assertThat(bench.storage.shelf("sides", SideRecord.class).find("shop#1|1|db")).isEmpty();
  }

  @Test
  void whoeverWaitsForAnotherStateIsWoken() throws Exception {
    want("db", "db", "postgres:17");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<SideView> waiting =
          threads.submit(
              () ->
                  bench
                      .cases
                      .services()
                      .sides()
                      .view(run.run(), "db", State.WANTED, Duration.ofSeconds(20)));
      Future<Optional<SideWork>> claiming =
          threads.submit(
              () -> bench.cases.services().sides().claim("spawner", Duration.ofSeconds(20)));
      assertThat(claiming.get()).isPresent();
      assertThat(waiting.get().state()).isEqualTo(State.STARTING);
      Future<SideView> next =
          threads.submit(
              () ->
                  bench
                      .cases
                      .services()
                      .sides()
                      .view(run.run(), "db", State.STARTING, Duration.ofSeconds(20)));
      report("db", State.RUNNING, null, null);
      assertThat(next.get().state()).isEqualTo(State.RUNNING);
    }
  }

  @Test
  void badWishesAreRefused() {
    assertThatThrownBy(() -> want("a", "", "-v/:/x", "sh")).hasMessageContaining("no reference");
    assertThatThrownBy(() -> want("a", "", "a b", "sh")).hasMessageContaining("no reference");
    assertThatThrownBy(() -> want("a", "", "node")).hasMessageContaining("has a command, or");
    assertThatThrownBy(() -> want("a", "db", "node", "sh")).hasMessageContaining("a command, or");
    assertThatThrownBy(() -> want("a", "d b", "node")).hasMessageContaining("host name");
    assertThatThrownBy(() -> want("", "db", "node")).hasMessageContaining("key of a step");
    assertThatThrownBy(() -> want("a", "", "node", "x".repeat(100_001)))
        .hasMessageContaining("at most 200 words");
    for (int i = 0; i < 50; i++) {
      want("key" + i, "db" + i, "postgres:17");
    }
    assertThatThrownBy(() -> want("more", "db", "node")).hasMessageContaining("at most 50");
    run = bench.running(bench.order(Samples.plan("code"), Samples.SHOP, true));
    assertThatThrownBy(() -> want("a", "db", "node")).hasMessageContaining("pipeline code");
  }
}
