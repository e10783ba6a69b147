package dev.pipewright.engine.report;

import dev.pipewright.engine.report.Outbox.Parcel;
import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Control;
import dev.pipewright.protocol.api.EventBatch;
import dev.pipewright.protocol.api.Lease;
import dev.pipewright.protocol.client.EngineClient;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Artifact;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Reports a run to the State-Controller: one thread sends everything in order, another one renews
 * the lease every second and learns of a cancel. During an outage of the server output waits, and
 * with it the steps that print; after the limit of the outage the run is given up. Thread-safe.
 */
public final class HttpReporter implements Reporter {
  private static final Duration BEAT = Duration.ofSeconds(1);

  /** Is told what the server wants. May be called more than once, from any thread. */
  public interface Orders {
    /** Somebody wants the run to end. */
    void cancel(String reason);

    /** Nothing can be reported any more: everything has to end at once. */
    void stop(String reason);
  }

  private final EngineClient client;
  private final long fence;
  private final Outage outage;
  private final Orders orders;
  private final Outbox outbox;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicBoolean lastWordSaid = new AtomicBoolean();
  private final AtomicReference<@Nullable Delivery> delivery = new AtomicReference<>();

  /** A reporter for one launch; {@link #start} begins to send. */
  public HttpReporter(
      EngineClient client, long fence, Outage outage, InstantSource clock, Orders orders) {
    this.client = client;
    this.fence = fence;
    this.outage = outage;
    this.orders = orders;
    this.outbox = new Outbox(clock);
  }

  /** Begins to send. Called once. */
  public void start() {
    Thread.ofPlatform().daemon().name("report").start(this::send);
    Thread.ofPlatform().daemon().name("lease").start(this::renew);
  }

  @Override
  public void event(RunEvent event) {
    if (event instanceof RunEvent.RunFinished) {
      lastWordSaid.set(true);
    }
    outbox.event(event);
  }

  @Override
  public void output(StepPath step, byte[] bytes, int offset, int length) {
    outbox.output(step, bytes, offset, length);
  }

  @Override
  public Artifact keep(String name, Path file) throws IOException {
    try {
      long size = Files.size(file);
      BlobDigest digest = outage.call(() -> stored(file));
      return new Artifact(name, digest, size);
    } catch (UnreadableFileException e) {
      throw e.problem;
    } catch (ApiException | UncheckedIOException e) {
      throw new IOException("'" + name + "' could not be stored: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("'" + name + "' was not stored, because the run ends.", e);
    }
  }

  private BlobDigest stored(Path file) {
    try {
      return client.store(file);
    } catch (IOException e) {
      throw new UnreadableFileException(e);
    }
  }

  /** A file cannot be read, which to send it once more would not change. */
  private static final class UnreadableFileException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final IOException problem;

    UnreadableFileException(IOException problem) {
      super(problem);
      this.problem = problem;
    }
  }

  @Override
  public void flush() throws IOException, InterruptedException {
    if (!outbox.awaitDelivery()) {
      throw new IOException("nothing can be reported any more");
    }
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
      while (!ended.await(BEAT.toMillis(), TimeUnit.MILLISECONDS)) {
        beat();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void beat() {
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
    if (control.cancelledBy() != null) {
      String why = control.cancelReason();
      orders.cancel(
          "cancelled by "
              + control.cancelledBy()
              + (why == null || why.isBlank() ? "" : ": " + why));
    }
  }

  private void giveUp(RuntimeException e) {
    delivery.compareAndSet(null, Outage.delivery(e));
    outbox.breakUp();
    orders.stop("The server takes no more reports: " + e.getMessage());
  }
}
