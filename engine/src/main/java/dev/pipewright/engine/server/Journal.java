package dev.pipewright.engine.server;

import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.api.EventBatch;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.json.EngineJson;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The events of all launches in one run folder, one line of JSON each, written before they are
 * sent: what was finished while the server was away, or while nobody could tell it, is not done
 * again. A line that was cut off, because its engine was killed while it wrote, is left out.
 * Thread-safe.
 */
public final class Journal implements AutoCloseable {
  private final RandomAccessFile file;
  private final long fence;
  private final Map<Long, List<EventEnvelope>> launches;

  private Journal(RandomAccessFile file, long fence, Map<Long, List<EventEnvelope>> launches) {
    this.file = file;
    this.fence = fence;
    this.launches = launches;
  }

  /**
   * Opens the journal of a run folder for one more launch.
   *
   * @param fence the number of the launch
   */
  public static Journal open(Path path, long fence) throws IOException {
    Map<Long, List<EventEnvelope>> launches = new TreeMap<>();
    long end = 0;
    if (Files.exists(path)) {
      byte[] bytes = Files.readAllBytes(path);
      int begin = 0;
      for (int i = 0; i < bytes.length; i++) {
        if (bytes[i] == '\n') {
          if (!read(Arrays.copyOfRange(bytes, begin, i), launches)) {
            break;
          }
          begin = i + 1;
        }
      }
      end = begin;
    }
    RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
    file.setLength(end);
    return new Journal(file, fence, launches);
  }

  private static boolean read(byte[] line, Map<Long, List<EventEnvelope>> launches) {
    try {
      EventBatch batch = EngineJson.batch(line);
      launches.computeIfAbsent(batch.fence(), _ -> new ArrayList<>()).addAll(batch.events());
      return true;
    } catch (ProtocolException e) {
      return false;
    }
  }

  /** Forgets the earlier launches, which do not count where the workspace begins anew. */
  public synchronized void restart() throws IOException {
    file.setLength(0);
    launches.clear();
  }

  /** Writes one event of this launch. */
  public synchronized void append(EventEnvelope event) throws IOException {
    byte[] json = EngineJson.bytes(new EventBatch(fence, List.of(event)));
    byte[] line = Arrays.copyOf(json, json.length + 1);
    line[json.length] = '\n';
    file.seek(file.length());
    file.write(line);
  }

  /**
   * The events of earlier launches that the server does not have, in order, each once. That a
   * launch went on and how it ended is not among them: the one is told anew, the other found again.
   * A journal of which the server knows nothing, though it knows other events, is not believed.
   *
   * @param stored all events the server has
   */
  public List<EventEnvelope> missing(List<EventEnvelope> stored) {
    Set<Told> known = stored.stream().map(Told::of).collect(Collectors.toSet());
    Map<Told, EventEnvelope> missing = new LinkedHashMap<>();
    boolean believed = stored.isEmpty();
    for (List<EventEnvelope> launch : launches.values()) {
      for (EventEnvelope event : launch) {
        boolean own =
            event.event() instanceof RunEvent.RunResumed
                || event.event() instanceof RunEvent.RunFinished
                || event.event() instanceof RunEvent.RunWaiting;
        if (known.contains(Told.of(event))) {
          believed = true;
        } else if (!own) {
          missing.putIfAbsent(Told.of(event), event);
        }
      }
    }
    return believed ? List.copyOf(missing.values()) : List.of();
  }

  /** An event whatever its number: a later launch tells it again under another one. */
  private record Told(Instant at, RunEvent event) {
    static Told of(EventEnvelope envelope) {
      return new Told(envelope.at(), envelope.event());
    }
  }

  @Override
  public synchronized void close() throws IOException {
    file.close();
  }
}
