package dev.pipewright.spawner;

import dev.pipewright.protocol.api.SideView;
import dev.pipewright.spawner.launch.LaunchException;
import dev.pipewright.spawner.launch.SideId;
import dev.pipewright.spawner.launch.SideLaunch;
import dev.pipewright.spawner.launch.SideStatus;
import dev.pipewright.spawner.launch.Sides;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Containers that are nothing but an entry in a map. All methods lock. */
final class FakeSides implements Sides {
  private final Map<SideId, SideStatus> present = new LinkedHashMap<>();
  private final List<SideLaunch> started = new ArrayList<>();

  @Override
  public synchronized void start(SideLaunch side) {
    if (side.image().equals("missing")) {
      throw new LaunchException("The image missing is not there.", false, null);
    }
    started.add(side);
    present.putIfAbsent(side.id(), new SideStatus(SideView.State.STARTING, null, null));
  }

  @Override
  public synchronized Optional<SideStatus> look(SideId side) {
    return Optional.ofNullable(present.get(side));
  }

  @Override
  public synchronized String output(SideId side, int most) {
    return present.containsKey(side) ? "printed by " + side.key() : "";
  }

  @Override
  public synchronized void remove(SideId side) {
    present.remove(side);
  }

  @Override
  public synchronized List<SideId> list() {
    return List.copyOf(present.keySet());
  }

  synchronized void become(SideId side, SideStatus status) {
    present.put(side, status);
  }

  synchronized List<SideLaunch> started() {
    return List.copyOf(started);
  }
}
