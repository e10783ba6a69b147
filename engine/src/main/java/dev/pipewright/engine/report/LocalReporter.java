package dev.pipewright.engine.report;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.json.EngineJson;
import dev.pipewright.protocol.run.Artifact;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reports a run into a folder: {@code events.jsonl}, {@code logs/<step path>.log} and {@code
 * artifacts/}. Thread-safe.
 */
public final class LocalReporter implements Reporter, AutoCloseable {
  private static final int LONGEST_NAME = 240;
  private static final String EVENTS = "events.jsonl";

  private final Path folder;
  private final InstantSource clock;
  private final RunListener listener;
  private final OutputStream events;
  private final Map<StepPath, OutputStream> logs = new LinkedHashMap<>();
  private final Map<StepPath, RunEvent.StepFinished> finished = new LinkedHashMap<>();
  private long sequence;

  /**
   * Reports into {@code folder}, which is made if it is missing, behind what is there already. Each
   * event is with the operating system when {@link #event} returns, so the end of this process
   * loses none.
   */
  public LocalReporter(Path folder, InstantSource clock, RunListener listener) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.clock = clock;
    this.listener = listener;
    Path file = folder.resolve(EVENTS);
    dropBrokenLine(file);
    List<EventEnvelope> known = events(folder);
    this.sequence = known.isEmpty() ? 0 : known.getLast().seq();
    this.events = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** The events in the folder of a run, oldest first; one that was cut off is left out. */
  public static List<EventEnvelope> events(Path folder) throws IOException {
    Path file = folder.resolve(EVENTS);
    List<EventEnvelope> events = new ArrayList<>();
    if (Files.exists(file)) {
      String text = Files.readString(file);
      text.substring(0, text.lastIndexOf('\n') + 1)
          .lines()
          .forEach(line -> events.add(EngineJson.event(line.getBytes(StandardCharsets.UTF_8))));
    }
    return events;
  }

  /** A process that was killed while it wrote leaves half a line, which nothing may follow. */
  private static void dropBrokenLine(Path file) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    byte[] bytes = Files.readAllBytes(file);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    if (end < bytes.length) {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(end);
      }
    }
  }

  /** How each finished step ended, in the order in which they did. */
  public synchronized Map<StepPath, RunEvent.StepFinished> finished() {
    return new LinkedHashMap<>(finished);
  }

  @Override
  public synchronized void event(RunEvent event) {
    EventEnvelope envelope = new EventEnvelope(++sequence, clock.instant(), event);
    try {
      events.write(EngineJson.bytes(envelope));
      events.write('\n');
      if (event instanceof RunEvent.StepFinished end) {
        finished.put(end.path(), end);
        OutputStream log = logs.remove(end.path());
        if (log != null) {
          log.close();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Could not write to " + folder + ".", e);
    }
    listener.event(envelope);
  }

  @Override
  public synchronized void output(StepPath step, byte[] bytes, int offset, int length) {
    try {
      OutputStream log = logs.get(step);
      if (log == null) {
        log = open(step);
        logs.put(step, log);
      }
      log.write(bytes, offset, length);
    } catch (IOException e) {
      throw new UncheckedIOException("Could not write to " + folder + ".", e);
    }
    listener.output(step, Arrays.copyOfRange(bytes, offset, offset + length));
  }

  @Override
  public synchronized long outputEnd(StepPath step) {
    try {
      Path file = log(folder, step);
      return Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  /** Where the output of a step is, in the folder of its run. */
  public static Path log(Path folder, StepPath step) {
    Path file = folder.resolve("logs");
    for (String name : step.names()) {
      file = file.resolve(fileName(name));
    }
    return file.resolveSibling(file.getFileName() + ".log");
  }

  private OutputStream open(StepPath step) throws IOException {
    Path file = log(folder, step);
    Files.createDirectories(file.getParent());
    return Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** The name itself, or a short form of it where a file system could not hold it. */
  private static String fileName(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    return bytes.length <= LONGEST_NAME
        ? name
        : name.substring(0, 40) + "-" + BlobDigest.of(bytes).hex().substring(0, 16);
  }

  @Override
  public Artifact keep(String name, Path file) throws IOException {
    Path target = folder.resolve("artifacts").resolve(name);
    Files.createDirectories(target.getParent());
    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
    MessageDigest sha256 = BlobDigest.sha256();
    try (DigestInputStream in = new DigestInputStream(Files.newInputStream(target), sha256)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return new Artifact(name, BlobDigest.of(sha256), Files.size(target));
  }

  @Override
  public synchronized void flush() throws IOException {
    events.flush();
  }

  @Override
  public synchronized void close() throws IOException {
    for (OutputStream log : logs.values()) {
      log.close();
    }
    events.close();
  }
}
