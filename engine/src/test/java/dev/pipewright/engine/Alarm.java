package dev.pipewright.engine;

import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.engine.time.EngineTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Time that stands still, until somebody says that everybody's time is over. Thread-safe. */
final class Alarm implements EngineTime {
  private final Instant now = InstantSource.system().instant();
  private final List<Runnable> set = new CopyOnWriteArrayList<>();

  @Override
  public Instant now() {
    return now;
  }

  @Override
  public boolean pause(Duration length, Cancellation cancellation) {
    return true;
  }

  @Override
  public Timer after(Duration length, Runnable action) {
    set.add(action);
    return () -> set.remove(action);
  }

  /** Does all that was to be done later and is not called off. */
  void ring() {
    set.forEach(Runnable::run);
  }
}
