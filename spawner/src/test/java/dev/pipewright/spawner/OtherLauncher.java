package dev.pipewright.spawner;

import dev.pipewright.spawner.launch.LaunchRequest;
import dev.pipewright.spawner.launch.Launched;
import dev.pipewright.spawner.launch.Launcher;
import dev.pipewright.spawner.launch.Limits;
import dev.pipewright.spawner.launch.Sides;
import dev.pipewright.spawner.launch.UnitEnd;
import dev.pipewright.spawner.launch.UnitId;
import dev.pipewright.spawner.launch.Workspace;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Another launcher, of which it pretends that it needs images, or has these containers. */
record OtherLauncher(Launcher inner, boolean needsImage, Sides sides) implements Launcher {
  @Override
  public String name() {
    return inner.name();
  }

  @Override
  public Launched launch(LaunchRequest request) {
    return inner.launch(request);
  }

  @Override
  public List<Launched> list() {
    return inner.list();
  }

  @Override
  public Optional<Launched> find(UnitId unit) {
    return inner.find(unit);
  }

  @Override
  public UnitEnd await(Launched unit) throws InterruptedException {
    return inner.await(unit);
  }

  @Override
  public void stop(Launched unit, Duration grace) {
    inner.stop(unit, grace);
  }

  @Override
  public void stop(Launched unit, Duration grace, Limits.Breach why) {
    inner.stop(unit, grace, why);
  }

  @Override
  public String tail(Launched unit, int bytes) {
    return inner.tail(unit, bytes);
  }

  @Override
  public byte[] logs(Launched unit, long offset, int most) {
    return inner.logs(unit, offset, most);
  }

  @Override
  public void release(Launched unit, boolean keepWorkspace) {
    inner.release(unit, keepWorkspace);
  }

  @Override
  public List<Workspace> workspaces() {
    return inner.workspaces();
  }

  @Override
  public boolean remove(Workspace workspace) {
    return inner.remove(workspace);
  }

  @Override
  public OptionalLong freeBytes() {
    return inner.freeBytes();
  }

  @Override
  public void close() {
    inner.close();
  }
}
