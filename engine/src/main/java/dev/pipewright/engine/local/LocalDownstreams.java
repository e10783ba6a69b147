package dev.pipewright.engine.local;

import dev.pipewright.engine.waiting.Downstreams;
import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.run.Answer;
import dev.pipewright.protocol.run.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Runs other pipelines of the same working tree, each once per wish, also if the run that wishes it
 * is gone on with in another process. Thread-safe.
 */
public final class LocalDownstreams implements Downstreams {

  /** Who runs pipelines of this tree. */
  public interface Runner {

    /**
     * Finds a place for a run.
     *
     * @throws IOException if there is no such pipeline; the message is for people
     */
    LocalFolder place(String pipeline, Map<String, String> parameters) throws IOException;

    /**
     * Runs it to its end, or goes on with it.
     *
     * @return how it ended; null if it was left waiting for a person
     */
    @Nullable Outcome run(LocalFolder place) throws IOException;
  }

  private final Path folder;
  private final Runner runner;
  private final LocalAnswers answers;
  private final InstantSource clock;
  private final ReentrantLock starting = new ReentrantLock();
  private final Map<String, Thread> running = new LinkedHashMap<>();

  /** Remembers in {@code folder} which wish led to which run. */
  public LocalDownstreams(Path folder, Runner runner, LocalAnswers answers, InstantSource clock) {
    this.folder = folder;
    this.runner = runner;
    this.answers = answers;
    this.clock = clock;
  }

  @Override
  public String start(Wish wish) throws IOException {
    starting.lock();
    try {
      LocalFolder place = place(wish);
      String run = wish.pipeline() + "#" + place.number();
      if (!running.containsKey(wish.key())) {
        answers.expect(wish.key());
        running.put(
            wish.key(),
            Thread.ofPlatform().name("run " + run).start(() -> run(wish.key(), run, place)));
      }
      return "Started " + run + " in this tree; its events and output are in " + place.folder();
    } finally {
      starting.unlock();
    }
  }

  private LocalFolder place(Wish wish) throws IOException {
    String name = BlobDigest.of(wish.key().getBytes(StandardCharsets.UTF_8)).hex();
    Path file = folder.resolve("downstream").resolve(name.substring(0, 32));
    if (Files.exists(file)) {
      Path known = Path.of(Files.readString(file).strip());
      return new LocalFolder(Long.parseLong(known.getFileName().toString()), known);
    }
    LocalFolder place = runner.place(wish.pipeline(), wish.parameters());
    Files.createDirectories(file.getParent());
    Files.writeString(file, place.folder() + "\n");
    return place;
  }

  private void run(String key, String run, LocalFolder place) {
    try {
      Outcome outcome = runner.run(place);
      if (outcome == null) {
        answers.giveUp(key);
      } else {
        answers.give(
            answer(key, Answer.Verdict.ENDED, null, Map.of("run", run, "outcome", outcome.name())));
      }
    } catch (IOException | RuntimeException e) {
      answers.give(answer(key, Answer.Verdict.FAILED, run + ": " + e.getMessage(), Map.of()));
    }
  }

  private Answer answer(
      String key, Answer.Verdict verdict, @Nullable String note, Map<String, String> values) {
    return new Answer(key, verdict, null, note, clock.instant(), values);
  }

  /** Waits for all that was started, awaited or not; a local run takes nothing with it. */
  public void awaitAll() throws InterruptedException {
    List<Thread> all;
    starting.lock();
    try {
      all = new ArrayList<>(running.values());
    } finally {
      starting.unlock();
    }
    for (Thread each : all) {
      each.join();
    }
  }
}
