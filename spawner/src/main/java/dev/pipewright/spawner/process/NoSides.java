package dev.pipewright.spawner.process;

import dev.pipewright.spawner.launch.LaunchException;
import dev.pipewright.spawner.launch.SideId;
import dev.pipewright.spawner.launch.SideLaunch;
import dev.pipewright.spawner.launch.SideStatus;
import dev.pipewright.spawner.launch.Sides;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where runs are processes there are no containers beside them, and none can be had. */
final class NoSides implements Sides {
  private static final Logger LOG = LoggerFactory.getLogger(NoSides.class);

  @Override
  public void start(SideLaunch side) {
    throw new LaunchException(
        "The image %s needs containers, but this server starts its runs as processes."
            .formatted(side.image()),
        false,
        null);
  }

  @Override
  public Optional<SideStatus> look(SideId side) {
    return Optional.empty();
  }

  @Override
  public String output(SideId side, int most) {
    return "";
  }

  @Override
  public void remove(SideId side) {
    LOG.atDebug().addKeyValue("side", side).log("There are no containers here");
  }

  @Override
  public List<SideId> list() {
    return List.of();
  }
}
