package dev.pipewright.test.play;

import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Everything that is kept of a run, whatever becomes of its engines. Thread-safe. */
public final class Ledger {

  /** Something that happened, in the order in which it did. */
  public sealed interface Entry {}

  /** An engine told something. */
  public record Told(int launch, EventEnvelope envelope) implements Entry {}

  /** The work of a task began. */
  public record Performed(int launch, StepPath step) implements Entry {}

  /** A person said how a task ended: {@code happened}, {@code failed}, or to do it again. */
  public record Said(StepPath step, String end) implements Entry {}

  /** A command began. */
  public record Command(StepPath step, String text, Map<String, String> environment)
      implements Entry {
    public Command {
      environment = Map.copyOf(environment);
    }
  }

  /** A run of another pipeline was started. */
  public record Started(String pipeline, Map<String, String> parameters) implements Entry {
    public Started {
      parameters = Map.copyOf(parameters);
    }
  }

  private final List<Entry> entries = new ArrayList<>();
  private final Map<StepPath, ByteArrayOutputStream> logs = new LinkedHashMap<>();
  private final Map<String, byte[]> artifacts = new LinkedHashMap<>();
  private final Map<Integer, Integer> told = new HashMap<>();
  private int events;

  synchronized void tell(int launch, Instant at, RunEvent event) {
    int seq = told.merge(launch, 1, Integer::sum);
    entries.add(new Told(launch, new EventEnvelope(seq, at, event)));
    events++;
    if (event instanceof RunEvent.RunStarted) {
      logs.clear();
    }
  }

  synchronized void add(Entry entry) {
    entries.add(entry);
  }

  synchronized void print(StepPath step, byte[] bytes, int offset, int length) {
    logs.computeIfAbsent(step, _ -> new ByteArrayOutputStream()).write(bytes, offset, length);
  }

  synchronized void keep(String name, byte[] content) {
    artifacts.put(name, content);
  }

  /** How many events were told. */
  public synchronized int events() {
    return events;
  }

  /** How many bytes of output of a step are kept. */
  synchronized long printed(StepPath step) {
    ByteArrayOutputStream log = logs.get(step);
    return log == null ? 0 : log.size();
  }

  /** Everything that happened, oldest first. */
  public synchronized List<Entry> entries() {
    return List.copyOf(entries);
  }

  /** All events of all engines, oldest first. */
  public synchronized List<EventEnvelope> history() {
    return entries.stream()
        .filter(Told.class::isInstance)
        .map(entry -> ((Told) entry).envelope())
        .toList();
  }

  /** What a step printed in the last attempt of the run. */
  public synchronized String log(StepPath step) {
    ByteArrayOutputStream log = logs.get(step);
    return log == null ? "" : log.toString(StandardCharsets.UTF_8);
  }

  /** The files that were kept, by their path in the workspace. */
  public synchronized Map<String, byte[]> artifacts() {
    return new LinkedHashMap<>(artifacts);
  }
}
