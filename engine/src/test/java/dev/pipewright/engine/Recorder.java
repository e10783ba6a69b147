package dev.pipewright.engine;

import dev.pipewright.engine.report.Reporter;
import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Artifact;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;

/** A reporter that remembers everything. Thread-safe. */
final class Recorder implements Reporter {
  private final List<EventEnvelope> envelopes = new ArrayList<>();
  private final Map<StepPath, ByteArrayOutputStream> logs = new HashMap<>();

  @Override
  public synchronized void event(RunEvent event) {
    envelopes.add(new EventEnvelope(envelopes.size() + 1, Instant.now(), event));
    notifyAll();
  }

  /** Makes whoever prints wait until the latch is open, as a server that is away does. */
  volatile CountDownLatch room = new CountDownLatch(0);

  @Override
  public void output(StepPath step, byte[] bytes, int offset, int length) {
    try {
      room.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    remember(step, bytes, offset, length);
  }

  private synchronized void remember(StepPath step, byte[] bytes, int offset, int length) {
    logs.computeIfAbsent(step, _ -> new ByteArrayOutputStream()).write(bytes, offset, length);
    notifyAll();
  }

  @Override
  public Artifact keep(String name, Path file) throws IOException {
    byte[] content = Files.readAllBytes(file);
    return new Artifact(name, BlobDigest.of(content), content.length);
  }

  @Override
  public void flush() {
    // Everything is remembered at once.
  }

  synchronized List<RunEvent> events() {
    return envelopes.stream().map(EventEnvelope::event).toList();
  }

  synchronized List<EventEnvelope> envelopes() {
    return List.copyOf(envelopes);
  }

  /** Waits until something was told. */
  synchronized void await(Predicate<RunEvent> wanted) throws InterruptedException {
    while (events().stream().noneMatch(wanted)) {
      wait();
    }
  }

  synchronized byte[] bytes(String step) {
    ByteArrayOutputStream log = logs.get(new StepPath(step));
    return log == null ? new byte[0] : log.toByteArray();
  }

  String log(String step) {
    return new String(bytes(step), StandardCharsets.UTF_8);
  }

  /** Waits until a step has printed {@code text}; the test's own time limit ends a vain wait. */
  synchronized void awaitLog(String step, String text) throws InterruptedException {
    while (!log(step).contains(text)) {
      wait();
    }
  }

  /** Waits until a step has finished. */
  synchronized void awaitEnd(String step) throws InterruptedException {
    StepPath path = new StepPath(step);
    while (events().stream()
        .noneMatch(e -> e instanceof RunEvent.StepFinished end && end.path().equals(path))) {
      wait();
    }
  }

  /** Waits until a step has begun. */
  void awaitStart(String step) throws InterruptedException {
    await(e -> e instanceof RunEvent.StepStarted start && start.path().value().equals(step));
  }
}
