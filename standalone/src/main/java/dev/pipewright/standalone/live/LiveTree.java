package dev.pipewright.standalone.live;

import dev.pipewright.engine.report.RunListener;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.run.Plan;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Shows a local run as a tree that is redrawn in place ten times a second, with the last line of
 * output below each running step. Thread-safe.
 */
public final class LiveTree implements RunListener, AutoCloseable {
  private static final long FRAME_MILLIS = 100;

  private final Screen screen;
  private final InstantSource clock;
  private final RunTree tree;
  private @Nullable CountDownLatch ended;

  /**
   * A tree of a plan; nothing is drawn before {@link #resume}.
   *
   * @param size columns and rows of the terminal, asked before each frame
   */
  public LiveTree(
      Plan plan, PrintStream out, Supplier<int[]> size, boolean colours, InstantSource clock) {
    this.screen = new Screen(out, () -> new Screen.Size(size.get()[0], size.get()[1]), colours);
    this.clock = clock;
    this.tree = new RunTree(plan);
  }

  @Override
  public synchronized void known(List<EventEnvelope> events) {
    events.forEach(tree::event);
  }

  @Override
  public synchronized void event(EventEnvelope event) {
    tree.event(event);
  }

  @Override
  public synchronized void output(StepPath step, byte[] bytes) {
    tree.output(step, bytes);
  }

  /** Begins to draw, or goes on after a {@link #pause}. */
  public synchronized void resume() {
    if (ended == null) {
      CountDownLatch end = new CountDownLatch(1);
      ended = end;
      Thread.ofPlatform().daemon().name("live-tree").start(() -> animate(end));
    }
  }

  /** Leaves the tree on the screen as it is now, so that something else can be printed below. */
  public synchronized void pause() {
    CountDownLatch end = ended;
    if (end != null) {
      end.countDown();
      ended = null;
      screen.leave(tree.rows().stream().map(row -> TreeLines.row(row, clock.instant())).toList());
    }
  }

  @Override
  public void close() {
    pause();
  }

  private void animate(CountDownLatch end) {
    try {
      do {
        synchronized (this) {
          if (end.getCount() == 0) {
            return;
          }
          screen.draw(frame());
        }
      } while (!end.await(FRAME_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<Line> frame() {
    return TreeLines.of(tree.rows(), clock.instant(), Math.max(1, screen.size().rows() - 1));
  }
}
