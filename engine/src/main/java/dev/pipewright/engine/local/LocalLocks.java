package dev.pipewright.engine.local;

import dev.pipewright.engine.waiting.Locks;
import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.api.LockAnswer;
import dev.pipewright.protocol.run.Answer;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Locks between the local runs of one working tree, whichever process they are in. A lock is a
 * locked file, so one whose process dies is free. A note beside it says who holds it and how often
 * it was granted; it is a file of its own, because a process that closes a file in any way gives up
 * its locks on it. Thread-safe.
 */
public final class LocalLocks implements Locks, AutoCloseable {
  /** A process cannot lock a file twice, so its own runs queue here first. */
  private static final Map<Path, Semaphore> IN_THIS_PROCESS = new ConcurrentHashMap<>();

  private final Path folder;
  private final String owner;
  private final LocalAnswers answers;
  private final InstantSource clock;
  private final Map<String, Wish> wishes = new HashMap<>();

  /**
   * Locks as files in {@code folder}.
   *
   * @param owner who wants them, in words
   * @param answers is told when a lock is granted that was waited for
   */
  public LocalLocks(Path folder, String owner, LocalAnswers answers, InstantSource clock) {
    this.folder = folder;
    this.owner = owner;
    this.answers = answers;
    this.clock = clock;
  }

  private final class Wish {
    final String key;
    final Path file;
    final Path note;
    final Semaphore turn;
    @Nullable FileChannel channel;
    @Nullable Thread waiter;
    boolean withdrawn;
    long grant;

    Wish(String lock, String key) {
      this.key = key;
      String name = BlobDigest.of(lock.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 32);
      this.file = folder.resolve(name + ".lock").toAbsolutePath().normalize();
      this.note = folder.resolve(name + ".txt");
      this.turn = IN_THIS_PROCESS.computeIfAbsent(file, _ -> new Semaphore(1, true));
    }
  }

  @Override
  public synchronized LockAnswer request(String lock, String key) throws IOException {
    Wish known = wishes.get(key);
    if (known != null) {
      return known.grant > 0 ? granted(known) : waiting(known);
    }
    Files.createDirectories(folder);
    Wish wish = new Wish(lock, key);
    wishes.put(key, wish);
    if (wish.turn.tryAcquire()) {
      FileChannel channel = open(wish.file);
      if (channel.tryLock() != null) {
        hold(wish, channel);
        return granted(wish);
      }
      channel.close();
      wish.turn.release();
    }
    answers.expect(key);
    wish.waiter = Thread.ofPlatform().daemon().name("lock " + lock).start(() -> queue(wish));
    return waiting(wish);
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static LockAnswer granted(Wish wish) {
    return new LockAnswer(true, wish.grant, null, 0);
  }

  private LockAnswer waiting(Wish wish) {
    List<String> lines = content(wish.note).lines().toList();
    return new LockAnswer(false, 0, lines.size() > 1 ? lines.get(1) : "another run", 0);
  }

  private static String content(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }

  private void hold(Wish wish, FileChannel channel) throws IOException {
    String last = content(wish.note).lines().findFirst().orElse("0");
    wish.grant = last.matches("[0-9]{1,18}") ? Long.parseLong(last) + 1 : 1;
    wish.channel = channel;
    Files.writeString(wish.note, wish.grant + "\n" + owner + "\n");
  }

  private void queue(Wish wish) {
    try {
      wish.turn.acquire();
    } catch (InterruptedException e) {
      answers.giveUp(wish.key);
      return;
    }
    try {
      FileChannel channel = open(wish.file);
      FileLock lock = channel.lock();
      synchronized (this) {
        if (wish.withdrawn) {
          lock.release();
          channel.close();
          wish.turn.release();
          return;
        }
        hold(wish, channel);
      }
      answers.give(
          new Answer(
              wish.key,
              Answer.Verdict.GRANTED,
              null,
              null,
              clock.instant(),
              Map.of("grant", Long.toString(wish.grant))));
    } catch (IOException e) {
      wish.turn.release();
      answers.giveUp(wish.key);
    }
  }

  @Override
  public synchronized void release(String lock, String key) throws IOException {
    Wish wish = wishes.remove(key);
    if (wish != null) {
      release(wish);
    }
  }

  private void release(Wish wish) throws IOException {
    wish.withdrawn = true;
    if (wish.channel != null) {
      Files.writeString(wish.note, wish.grant + "\n");
      wish.channel.close();
      wish.turn.release();
    } else if (wish.waiter != null) {
      wish.waiter.interrupt();
      answers.giveUp(wish.key);
    }
  }

  /** Gives back everything. */
  @Override
  public synchronized void close() throws IOException {
    for (Wish wish : List.copyOf(wishes.values())) {
      release(wish);
    }
    wishes.clear();
  }
}
