package dev.pipewright.engine.local;

import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.protocol.run.Answer;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The answers a local run has got, and which ones may still come by themselves. They outlive the
 * launches of the run in this process. Thread-safe.
 */
public final class LocalAnswers {
  private final Map<String, Answer> given = new LinkedHashMap<>();
  private final Set<String> expected = new HashSet<>();
  private Consumer<Collection<Answer>> listener = _ -> {};

  /** No answers yet. */
  public LocalAnswers() {}

  /** An answer for this key comes by itself, unless it is given up. */
  synchronized void expect(String key) {
    expected.add(key);
  }

  /** No answer for this key will come by itself. */
  synchronized void giveUp(String key) {
    expected.remove(key);
    notifyAll();
  }

  /** Gives an answer; the first one for a key counts. */
  public void give(Answer answer) {
    Consumer<Collection<Answer>> told;
    synchronized (this) {
      expected.remove(answer.key());
      if (given.putIfAbsent(answer.key(), answer) != null) {
        return;
      }
      told = listener;
      notifyAll();
    }
    told.accept(List.of(answer));
  }

  /** Tells {@code listener} every answer, those that are there already at once. */
  public void tell(Consumer<Collection<Answer>> listener) {
    List<Answer> known;
    synchronized (this) {
      this.listener = listener;
      known = List.copyOf(given.values());
    }
    listener.accept(known);
  }

  /**
   * Waits until one of these keys has an answer.
   *
   * @return false if none of them can come any more, or everything is cancelled
   */
  public boolean await(Set<String> keys, Cancellation cancellation) throws InterruptedException {
    try (Cancellation.Registration _ = cancellation.onCancel(this::wake)) {
      synchronized (this) {
        while (keys.stream().noneMatch(given::containsKey)) {
          if (cancellation.isCancelled() || keys.stream().noneMatch(expected::contains)) {
            return false;
          }
          wait();
        }
        return true;
      }
    }
  }

  private synchronized void wake() {
    notifyAll();
  }
}
