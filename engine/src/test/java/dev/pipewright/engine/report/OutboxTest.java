package dev.pipewright.engine.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
final class OutboxTest {
  private static final StepPath A = StepPath.of("a");
  private static final StepPath B = StepPath.of("b");

  private final Outbox outbox = new Outbox(InstantSource.fixed(Instant.EPOCH));

  private void print(StepPath step, int length) {
    outbox.output(step, new byte[length], 0, length);
  }

  private static void print(Outbox to, int length) {
    to.output(A, new byte[length], 0, length);
  }

  @Test
  void eventsInARowLeaveTogetherAndKeepTheirOrder() throws Exception {
    outbox.event(new RunEvent.StepStarted(A, 1));
    outbox.event(new RunEvent.StepStarted(B, 1));

    assertThat(outbox.take())
        .isInstanceOfSatisfying(
            Outbox.Events.class,
            batch ->
                assertThat(batch.events()).extracting(EventEnvelope::seq).containsExactly(1L, 2L));
  }

  @Test
  void outputOfAStepLeavesBeforeTheEventThatFollowsIt() throws Exception {
    print(A, 3);
    outbox.event(new RunEvent.RunFinished(Outcome.SUCCEEDED, null));

    assertThat(outbox.take()).isInstanceOf(Outbox.Output.class);
    assertThat(outbox.take()).isInstanceOf(Outbox.Events.class);
  }

  @Test
  void whatALaunchBeginsWithLeavesBeforeOutput() throws Exception {
    outbox.event(new RunEvent.RunStarted("test", 1, null, null));
    print(A, 3);
    outbox.event(new RunEvent.StepStarted(B, 1));

    assertThat(outbox.take())
        .isInstanceOfSatisfying(Outbox.Events.class, one -> assertThat(one.events()).hasSize(1));
    assertThat(outbox.take()).isInstanceOf(Outbox.Output.class);
    assertThat(outbox.take()).isInstanceOf(Outbox.Events.class);
  }

  @Test
  void thatThereAreMoreStepsLeavesBeforeTheirOutput() throws Exception {
    outbox.event(new RunEvent.StepStarted(A, 1));
    outbox.take();
    outbox.event(new RunEvent.StepExpanded(A, List.of()));
    print(B, 4);
    outbox.event(new RunEvent.RunFinished(Outcome.SUCCEEDED, null));

    assertThat(outbox.take())
        .isInstanceOfSatisfying(
            Outbox.Events.class,
            one -> assertThat(one.events()).extracting(EventEnvelope::seq).containsExactly(2L));
    assertThat(outbox.take()).isInstanceOf(Outbox.Output.class);
    assertThat(outbox.take()).isInstanceOf(Outbox.Events.class);
  }

  @Test
  void ofWhatComesQuicklyTheOutputLeavesFirstAndTheEventsTogether() throws Exception {
    outbox.event(new RunEvent.StepStarted(A, 1));
    outbox.take();
    print(A, 3);
    outbox.event(new RunEvent.StepStarted(B, 1));
    print(B, 4);
    outbox.event(new RunEvent.RunFinished(Outcome.SUCCEEDED, null));
    print(A, 5);

    assertThat(outbox.take())
        .isInstanceOfSatisfying(Outbox.Output.class, a -> assertThat(a.step()).isEqualTo(A));
    assertThat(outbox.take())
        .isInstanceOfSatisfying(Outbox.Output.class, b -> assertThat(b.step()).isEqualTo(B));
    assertThat(outbox.take())
        .isInstanceOfSatisfying(
            Outbox.Events.class,
            batch ->
                assertThat(batch.events()).extracting(EventEnvelope::seq).containsExactly(2L, 3L));
  }

  /** An outbox of which nothing more leaves by itself for an hour. */
  private static Outbox exhausted() throws InterruptedException {
    Outbox outbox =
        new Outbox(InstantSource.fixed(Instant.EPOCH), _ -> {}, null, Duration.ofHours(1));
    for (int i = 0; i < 11; i++) {
      outbox.event(new RunEvent.StepStarted(A, 1));
      outbox.delivered(Objects.requireNonNull(outbox.take()));
    }
    return outbox;
  }

  @Test
  void afterManyDeparturesWhatComesWaitsAndLeavesTogether() throws Exception {
    Outbox paced = exhausted();
    AtomicReference<Outbox.Parcel> taken = new AtomicReference<>();
    Thread sender =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    taken.set(paced.take());
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    for (int i = 0; i < 100; i++) {
      paced.event(new RunEvent.StepStarted(A, 1));
    }
    paced.close();
    sender.join();

    assertThat(taken.get())
        .isInstanceOfSatisfying(Outbox.Events.class, all -> assertThat(all.events()).hasSize(100));
  }

  @Test
  void whatSomebodyWaitsForLeavesAtOnce() throws Exception {
    Outbox paced = exhausted();
    paced.event(new RunEvent.StepStarted(B, 1));
    AtomicReference<Boolean> arrived = new AtomicReference<>();
    Thread waiter =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    arrived.set(paced.awaitDelivery());
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });

    paced.delivered(Objects.requireNonNull(paced.take()));
    waiter.join();

    assertThat(arrived.get()).isTrue();
  }

  @Test
  void muchOutputKeepsNoPace() throws Exception {
    Outbox paced = exhausted();
    print(paced, 256 * 1024);

    assertThat(paced.take()).isInstanceOf(Outbox.Output.class);
  }

  @Test
  void offsetsContinuePerStep() throws Exception {
    print(A, 3);
    outbox.take();
    print(B, 5);
    print(A, 4);
    outbox.close();

    assertThat(outbox.take())
        .isInstanceOfSatisfying(Outbox.Output.class, b -> assertThat(b.offset()).isZero());
    assertThat(outbox.take())
        .isInstanceOfSatisfying(
            Outbox.Output.class,
            a -> {
              assertThat(a.step()).isEqualTo(A);
              assertThat(a.offset()).isEqualTo(3);
              assertThat(a.bytes()).hasSize(4);
            });
    assertThat(outbox.take()).isNull();
  }

  @Test
  void aPrinterWaitsWhileTooMuchIsOnItsWayAndGoesOnAfterADelivery() throws Exception {
    CountDownLatch through = new CountDownLatch(1);
    Thread printer =
        Thread.ofVirtual()
            .start(
                () -> {
                  for (int i = 0; i < 20; i++) {
                    print(A, 512 * 1024);
                  }
                  through.countDown();
                });
    Outbox.Parcel first = outbox.take();
    assertThat(through.await(200, TimeUnit.MILLISECONDS)).isFalse();

    Thread sender = Thread.ofVirtual().start(() -> deliverAll(Objects.requireNonNull(first)));
    printer.join();
    outbox.close();
    sender.join();

    assertThat(through.getCount()).isZero();
  }

  private void deliverAll(Outbox.Parcel first) {
    try {
      for (Outbox.Parcel parcel = first; parcel != null; parcel = outbox.take()) {
        outbox.delivered(parcel);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void nobodyWaitsOnceItIsBroken() throws Exception {
    CountDownLatch through = new CountDownLatch(1);
    Thread.ofVirtual()
        .start(
            () -> {
              for (int i = 0; i < 40; i++) {
                print(A, 512 * 1024);
              }
              through.countDown();
            });
    outbox.breakUp();

    assertThat(through.await(1, TimeUnit.MINUTES)).isTrue();
    assertThat(outbox.take()).isNull();
  }

  @Test
  void outputGoesOnWhereAnEarlierEngineStopped() throws Exception {
    outbox.begin(A, 100);
    print(A, 3);
    outbox.close();

    assertThat(outbox.take())
        .isInstanceOfSatisfying(Outbox.Output.class, a -> assertThat(a.offset()).isEqualTo(100));
    assertThat(outbox.end(A)).isEqualTo(103);
  }

  @Test
  void outputOfTwoSecondsLeavesApartAlsoFromTheDisk(@TempDir Path folder) throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.ofEpochMilli(1_200));
    Outbox timed = new Outbox(now::get, _ -> {}, folder.resolve("spill"));
    byte[] much = new byte[512 * 1024];
    timed.output(A, much, 0, 10);
    now.set(Instant.ofEpochMilli(1_900));
    timed.output(A, much, 0, 10);
    now.set(Instant.ofEpochMilli(2_100));
    for (int i = 0; i < 20; i++) {
      timed.output(A, much, 0, much.length);
    }
    now.set(Instant.ofEpochMilli(3_000));
    timed.output(A, much, 0, 5);
    timed.close();

    List<Outbox.Output> sent = new ArrayList<>();
    for (Outbox.Parcel parcel = timed.take(); parcel != null; parcel = timed.take()) {
      timed.delivered(parcel);
      sent.add((Outbox.Output) parcel);
    }
    assertThat(sent.getFirst().bytes()).hasSize(20);
    assertThat(sent.getFirst().at()).isEqualTo(Instant.ofEpochMilli(1_200));
    assertThat(sent.get(1).at()).isEqualTo(Instant.ofEpochMilli(2_100));
    assertThat(sent.get(1).offset()).isEqualTo(20);
    assertThat(sent.getLast().at()).isEqualTo(Instant.ofEpochMilli(3_000));
    assertThat(sent.getLast().bytes()).hasSize(5);
  }

  @Test
  void eventsAreInTheJournalBeforeTheyCanBeSent() throws Exception {
    List<EventEnvelope> journal = new ArrayList<>();
    Outbox journalled = new Outbox(InstantSource.fixed(Instant.EPOCH), journal::add, null);
    RunEvent event = new RunEvent.StepStarted(A, 1);

    journalled.event(event);

    assertThat(journal).containsExactly(new EventEnvelope(1, Instant.EPOCH, event));
  }

  @Test
  void whatIsStoredIsAwaited() throws Exception {
    outbox.event(new RunEvent.StepStarted(A, 1));
    Outbox.Parcel parcel = outbox.take();
    CountDownLatch through = new CountDownLatch(1);
    Thread waiter =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    if (outbox.awaitDelivery()) {
                      through.countDown();
                    }
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    assertThat(through.await(100, TimeUnit.MILLISECONDS)).isFalse();

    outbox.delivered(Objects.requireNonNull(parcel));
    waiter.join();

    assertThat(through.getCount()).isZero();
  }

  @Test
  void outputWaitsOnDiskWhileTheServerIsAwayAndArrivesWholeAndInOrder(@TempDir Path folder)
      throws Exception {
    Path file = folder.resolve("spill");
    Outbox spilling = new Outbox(InstantSource.fixed(Instant.EPOCH), _ -> {}, file);
    byte[] sent = new byte[40 * 1024 * 1024];
    ThreadLocalRandom.current().nextBytes(sent);
    for (int i = 0; i < sent.length; i += 64 * 1024) {
      spilling.output(A, sent, i, 64 * 1024);
      if (i % (1024 * 1024) == 0) {
        spilling.event(new RunEvent.StepStarted(B, 1));
      }
    }
    assertThat(file).exists();
    assertThat(Files.size(file)).isGreaterThan(30_000_000);
    spilling.close();

    byte[] got = new byte[sent.length];
    long seq = 0;
    for (Outbox.Parcel parcel = spilling.take(); parcel != null; parcel = spilling.take()) {
      switch (parcel) {
        case Outbox.Events(var events) -> {
          for (EventEnvelope event : events) {
            assertThat(event.seq()).isEqualTo(++seq);
          }
        }
        case Outbox.Output(var _, var offset, var _, var bytes) ->
            System.arraycopy(bytes, 0, got, (int) offset, bytes.length);
      }
      spilling.delivered(parcel);
    }
    spilling.end();

    assertThat(got).isEqualTo(sent);
    assertThat(seq).isEqualTo(40);
    assertThat(file).doesNotExist();
  }
}
