package dev.pipewright.engine.side;

import dev.pipewright.protocol.api.SideView;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Follows how one container stands, on a thread of its own, until it is over. Thread-safe. */
final class SideWatch implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Sides sides;
  private final Thread thread;
  private volatile SideView last;
  private final CompletableFuture<String> over = new CompletableFuture<>();

  private SideWatch(Sides sides, SideView first) {
    this.sides = sides;
    this.last = first;
    this.thread = Thread.ofVirtual().name("side-watch").unstarted(this::follow);
  }

  static SideWatch start(Sides sides, SideView first) {
    SideWatch watch = new SideWatch(sides, first);
    watch.thread.start();
    return watch;
  }

  private void follow() {
    try {
      while (!isOver(last)) {
        last = sides.view(last.key(), last.state(), PATIENCE);
      }
      over.complete(why(last));
    } catch (IOException e) {
      over.complete("nobody tells how it stands: " + e.getMessage());
    } catch (InterruptedException e) {
      // Nobody wants to know any more.
    }
  }

  static boolean isOver(SideView view) {
    return view.state() == SideView.State.ENDED || view.state() == SideView.State.FAILED;
  }

  /** How it stood last. */
  SideView last() {
    return last;
  }

  /** Why it is over, in words, once it is. */
  CompletableFuture<String> over() {
    return over;
  }

  static String why(SideView view) {
    String reason = view.reason();
    if (reason != null) {
      return reason;
    }
    return view.exitCode() == null ? "it ended" : "it ended with exit code " + view.exitCode();
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
