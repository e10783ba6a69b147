package dev.pipewright.test.play;

import dev.pipewright.engine.report.Reporter;
import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Artifact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells the world what one engine does, as long as the engine lives. Thread-safe. */
final class MemoryReporter implements Reporter {
  private final World world;
  private final Life life;
  private final int launch;

  MemoryReporter(World world, Life life, int launch) {
    this.world = world;
    this.life = life;
    this.launch = launch;
  }

  @Override
  public void event(RunEvent event) {
    boolean lost;
    synchronized (this) {
      if (life.isLost()) {
        return;
      }
      if (world.crashesBefore()) {
        life.lose();
        return;
      }
      world.ledger().tell(launch, world.time().now(), event);
      world.turns().told(event);
      lost = world.crashesAfter(event);
      if (lost) {
        life.mute();
      }
    }
    world.told(event, life);
    if (lost) {
      life.lose();
    }
  }

  @Override
  public void output(StepPath step, byte[] bytes, int offset, int length) {
    if (!life.isLost()) {
      world.ledger().print(step, bytes, offset, length);
    }
  }

  @Override
  public long outputEnd(StepPath step) {
    return world.ledger().printed(step);
  }

  @Override
  public Artifact keep(String name, Path file) throws IOException {
    life.check();
    byte[] content = Files.readAllBytes(file);
    world.ledger().keep(name, content);
    return new Artifact(name, BlobDigest.of(content), content.length);
  }

  @Override
  public void flush() throws IOException {
    life.check();
    world.orders(life);
  }
}
