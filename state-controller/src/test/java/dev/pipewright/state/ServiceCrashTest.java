package dev.pipewright.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.DeliveryDone;
import dev.pipewright.protocol.api.DeliveryWork;
import dev.pipewright.protocol.api.DownstreamRequest;
import dev.pipewright.protocol.api.EventBatch;
import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.api.LockAnswer;
import dev.pipewright.protocol.api.LockRequest;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.api.OutboxView;
import dev.pipewright.protocol.api.SourceSpec;
import dev.pipewright.protocol.api.StatusSpec;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Answer;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.Wait;
import dev.pipewright.state.store.CrashingStorage;
import dev.pipewright.state.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server dies at every single write of a story; whoever called calls again afterwards. */
class ServiceCrashTest {
  private static final int MOST_WRITES = 60;

  /** A part of a story; may be told again when it was broken off. */
  private interface Story {
    void tell(Bench bench);
  }

  private static int crashEverywhere(Path folder, Story before, Story story, Story check)
      throws Exception {
    int deaths = 0;
    for (int fatal = 1; fatal < MOST_WRITES; fatal++) {
      for (boolean made : List.of(true, false)) {
        Bench bench = new Bench(folder.resolve(fatal + " " + made));
        before.tell(bench);
        CrashingStorage mortal = new CrashingStorage(bench.storage, fatal, made);
        bench.restart(mortal);
        try {
          story.tell(bench);
        } catch (StoreException e) {
          assertThat(mortal.isDead()).isTrue();
        }
        deaths += mortal.isDead() ? 1 : 0;
        bench.restart();
        story.tell(bench);
        bench.cases.sweep();
        check.tell(bench);
      }
    }
    return deaths;
  }

  private static LaunchOrder parked(Bench bench, String key, Wait.Kind kind) {
    LaunchOrder run = bench.running();
    Wait wait = new Wait(kind, "something", List.of(), List.of(), null);
    bench.report(
        run,
        Samples.event(2, new RunEvent.StepWaiting(key, Samples.DEPLOY, wait)),
        Samples.event(3, new RunEvent.RunWaiting("something")));
    return run;
  }

  private static List<Answer> answers(Bench bench, LaunchOrder run) {
    return bench.cases.services().live().record(run.run()).attempt().told().answers();
  }

  @Test
  void aLockIsPassedOnOnceAndItsNewOwnerIsTold(@TempDir Path folder) throws Exception {
    LaunchOrder[] runs = new LaunchOrder[2];
    LockRequest wish = new LockRequest(1, "production", "deploy");
    int deaths =
        crashEverywhere(
            folder,
            bench -> {
              runs[0] = bench.running();
              runs[1] = parked(bench, "deploy", Wait.Kind.LOCK);
            },
            bench -> {
              Locks locks = bench.cases.services().locks();
              boolean passed = isOwner(locks, runs[1]);
              if (!passed) {
                locks.request(runs[0].run(), wish);
                locks.request(runs[1].run(), wish);
              }
              locks.release(runs[0].run(), wish);
            },
            bench -> {
              assertThat(isOwner(bench.cases.services().locks(), runs[1])).isTrue();
              LockAnswer held = bench.cases.services().locks().request(runs[1].run(), wish);
              assertThat(answers(bench, runs[1]))
                  .singleElement()
                  .satisfies(
                      answer ->
                          assertThat(answer.values())
                              .isEqualTo(Map.of("grant", Long.toString(held.grant()))));
            });
    assertThat(deaths).isGreaterThan(10);
  }

  private static boolean isOwner(Locks locks, LaunchOrder run) {
    return locks.all().items().stream()
        .anyMatch(lock -> lock.owner() != null && lock.owner().run().equals(run.run()));
  }

  @Test
  void aPipelineIsStartedOnceAndItsEndIsTold(@TempDir Path folder) throws Exception {
    LaunchOrder[] runs = new LaunchOrder[2];
    DownstreamRequest wish =
        new DownstreamRequest(1, "ship it", new PipelineName("ship"), Map.of(), true);
    int deaths =
        crashEverywhere(
            folder,
            bench -> {
              runs[0] = parked(bench, "ship it", Wait.Kind.RUN);
              runs[1] = bench.running(Samples.plan("ship"));
            },
            bench -> {
              bench.cases.services().downstreams().start(runs[0].run(), wish);
              Optional<DeliveryWork> work = bench.cases.deliveries().claim(Duration.ZERO);
              work.ifPresent(
                  found ->
                      bench
                          .cases
                          .deliveries()
                          .done(
                              found.id(),
                              new DeliveryDone(found.fence(), List.of(runs[1].run()), null)));
              if (bench.cases.runs().snapshot(runs[1].run()).state() != Phase.FINISHED) {
                bench.finish(runs[1], 2);
              }
            },
            bench -> {
              assertThat(bench.cases.deliveries().list(null, 10, null).items()).hasSize(1);
              assertThat(answers(bench, runs[0]))
                  .singleElement()
                  .satisfies(
                      answer -> assertThat(answer.verdict()).isEqualTo(Answer.Verdict.ENDED));
            });
    assertThat(deaths).isGreaterThan(10);
  }

  @Test
  void theForgeAndThePeopleAreToldOfTheEndOfARunAndToldOnce(@TempDir Path folder) throws Exception {
    SourceName hub = new SourceName("hub");
    int deaths =
        crashEverywhere(
            folder,
            bench -> {
              bench
                  .cases
                  .sources()
                  .register(
                      new SourceSpec(
                          hub, "https://github.com/team/shop.git", "github", "x", null, null));
              bench.cases.statusTargets().set(hub, new StatusSpec("token", null));
              write(
                  bench.folder.resolve("notifications.json"),
                  "{'targets':[{'name':'team','kind':'slack','url':'https://chat.example'}]}");
            },
            bench -> {
              NewRun order = ordered(hub);
              RunId run = bench.cases.runs().create(order).run().id();
              Optional<LaunchOrder> unused = bench.cases.queue().claim("spawner", Duration.ZERO);
              RunRecord now = bench.cases.services().live().record(run);
              if (!now.over()) {
                bench
                    .cases
                    .reports()
                    .report(
                        run,
                        new EventBatch(
                            now.fence(),
                            List.of(Samples.began(1), Samples.ended(2, Outcome.FAILED))));
              }
            },
            bench -> {
              List<OutboxView> told = bench.cases.announcements().list(100, null).items();
              assertThat(told)
                  .extracting(view -> view.kind() + ": " + view.text().replaceFirst("#\\d+", ""))
                  .containsExactlyInAnyOrder("status: Failed", "broke: shop broke main: Failed");
              assertThat(told).extracting(OutboxView::state).containsOnly(OutboxView.State.PENDING);
            });
    assertThat(deaths).isGreaterThan(10);
  }

  private static NewRun ordered(SourceName source) {
    return Samples.from(source, Samples.order("shop", "the key"));
  }

  private static void write(Path file, String json) {
    try {
      Files.writeString(file, json.replace('\'', '"'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
