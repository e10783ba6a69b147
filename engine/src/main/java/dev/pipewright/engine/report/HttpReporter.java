package dev.pipewright.engine.report;

import dev.pipewright.engine.report.Outbox.Parcel;
import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Control;
import dev.pipewright.protocol.api.EventBatch;
import dev.pipewright.protocol.api.Lease;
import dev.pipewright.protocol.client.EngineClient;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Answer;
import dev.pipewright.protocol.run.Artifact;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reports a run to the State-Controller: one thread sends everything in order, another one renews
 * the lease every second and learns of a cancel. During an outage of the server output waits, and
 * with it, once there is no more room on disk either, the steps that print; after the limit of the
 * outage the run is given up. Thread-safe.
 */
public final class HttpReporter implements Reporter {
  private static final Duration TICK = Duration.ofMillis(250);
  private static final int TICKS_OF_A_BEAT = 4;

  /** Is told what the server wants. May be called more than once, from any thread. */
  public interface Orders {
    /** Somebody wants the run to end. */
    void cancel(String reason);

    /** Nothing can be reported any more: everything has to end at once. */
    void stop(String reason);

    /** Answers have come to what the run waits for. */
    void answered(List<Answer> answers);

    /** True while answers are waited for. */
    boolean isWaiting();
  }

  private final EngineClient client;
  private final long fence;
  private final Outage outage;
  private final Outbox outbox;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicBoolean lastWordSaid = new AtomicBoolean();
  private final AtomicReference<@Nullable Delivery> delivery = new AtomicReference<>();
  private volatile Orders orders = NOBODY;

  private static final Orders NOBODY =
      new Orders() {
        @Override
        public void cancel(String reason) {}

        @Override
        public void stop(String reason) {}

        @Override
        public void answered(List<Answer> answers) {}

        @Override
        public boolean isWaiting() {
          return false;
        }
      };

  /**
   * A reporter for one launch; {@link #start} begins to send.
   *
   * @param journal is told each event before it is sent
   * @param spill takes output that does not fit into memory while the server is away
   */
  public HttpReporter(
      EngineClient client,
      long fence,
      Outage outage,
      InstantSource clock,
      Consumer<EventEnvelope> journal,
      Path spill) {
    this.client = client;
    this.fence = fence;
    this.outage = outage;
    this.outbox = new Outbox(clock, journal, spill);
  }

  /** Begins to send. Called once. */
  public void start(Orders wanted) {
    orders = wanted;
    Thread.ofPlatform().daemon().name("report").start(this::send);
    Thread.ofPlatform().daemon().name("lease").start(this::renew);
  }

  @Override
  public void event(RunEvent event) {
    if (event instanceof RunEvent.RunFinished || event instanceof RunEvent.RunWaiting) {
      lastWordSaid.set(true);
    }
    outbox.event(event);
  }

  /** Tells again what an engine before this one could not. */
  public void adopt(EventEnvelope event) {
    outbox.event(event.event(), event.at());
  }

  /** Output of the step goes on at this offset. */
  public void goOn(StepPath step, long offset) {
    outbox.begin(step, offset);
  }

  @Override
  public long outputEnd(StepPath step) {
    return outbox.end(step);
  }

  @Override
  public void output(StepPath step, byte[] bytes, int offset, int length) {
    outbox.output(step, bytes, offset, length);
  }

  @Override
  public Artifact keep(String name, Path file) throws IOException {
    try {
      BlobDigest digest = new ServerCalls(outage, this::giveUp).ask(() -> client.store(file));
      return new Artifact(name, digest, Files.size(file));
    } catch (IOException e) {
      throw new IOException("'" + name + "' could not be stored: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("'" + name + "' was not stored, because the run ends.", e);
    }
  }

  @Override
  public void flush() throws IOException, InterruptedException {
    if (!outbox.awaitDelivery()) {
      throw new IOException("nothing can be reported any more");
    }
  }

  /** Nothing more is told; what was told is still sent. */
  public void mute() {
    lastWordSaid.set(true);
    outbox.close();
  }

  /** Waits until everything is stored or nothing can be stored any more. Nothing is added later. */
  public Delivery finish() throws InterruptedException {
    outbox.close();
    ended.await();
    Delivery known = delivery.get();
    return known == null ? Delivery.LOST : known;
  }

  private void send() {
    try {
      while (true) {
        Parcel parcel = outbox.take();
        if (parcel == null) {
          delivery.compareAndSet(null, Delivery.COMPLETE);
          return;
        }
        obey(outage.call(() -> send(parcel)));
        outbox.delivered(parcel);
      }
    } catch (ApiException | UncheckedIOException e) {
      giveUp(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      outbox.end();
      ended.countDown();
    }
  }

  private Control send(Parcel parcel) {
    return switch (parcel) {
      case Outbox.Events(var events) -> client.report(new EventBatch(fence, events));
      case Outbox.Output(var step, var offset, var at, var bytes) -> {
        client.append(step, fence, offset, at, bytes);
        yield new Control(false, null, null, null);
      }
    };
  }

  private void renew() {
    try {
      int ticks = 0;
      while (!ended.await(TICK.toMillis(), TimeUnit.MILLISECONDS)) {
        ticks++;
        if (ticks >= TICKS_OF_A_BEAT || orders.isWaiting()) {
          ticks = 0;
          beat();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Asks what the server wants, and obeys. */
  public void beat() {
    try {
      obey(client.renew(new Lease(fence)));
    } catch (ApiException e) {
      // Once the last event is on its way the token may die; the sender knows whether it arrived.
      if (Outage.delivery(e) == Delivery.FENCED && !lastWordSaid.get()) {
        giveUp(e);
      }
    } catch (UncheckedIOException e) {
      // The sender notices an outage that lasts; until then the next beat may get through.
    }
  }

  private void obey(Control control) {
    if (control.finished() && !lastWordSaid.get()) {
      orders.stop("the run is over");
    }
    if (!control.answers().isEmpty()) {
      orders.answered(control.answers());
    }
    if (control.cancelledBy() != null) {
      String by = "cancelled by " + control.cancelledBy();
      String why = control.cancelReason();
      // Without a reason of the person, the reason a server knows says the same.
      boolean silent = why == null || why.isBlank() || why.equalsIgnoreCase(by + ".");
      orders.cancel(silent ? by : by + ": " + why);
    }
  }

  /** Nothing can be reported any more: everything ends at once. */
  public void giveUp(RuntimeException e) {
    delivery.compareAndSet(null, Outage.delivery(e));
    outbox.breakUp();
    orders.stop("The server takes no more reports: " + e.getMessage());
  }
}
