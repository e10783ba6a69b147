package dev.pipewright.spawner.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.spawner.launch.LaunchException;
import dev.pipewright.spawner.launch.LaunchRequest;
import dev.pipewright.spawner.launch.UnitId;
import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A container whose engine waits for its run. It hangs on the connection by which it will be told:
 * when that breaks off before, its engine ends, so that the end of this process ends it too.
 */
final class StandbyContainer implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(StandbyContainer.class);
  private static final int PATIENCE_SECONDS = 10;

  private final UnitId name;
  private final String id;
  private final String image;
  private final long since = System.nanoTime();
  private final StandardInput input = new StandardInput();
  private final ResultCallback.Adapter<Frame> connection;
  private volatile boolean ended;

  private StandbyContainer(DockerClient docker, UnitId name, String id, String image) {
    this.name = name;
    this.id = id;
    this.image = image;
    this.connection =
        docker
            .attachContainerCmd(id)
            .withStdIn(input)
            // Only who listens is told at once that a container has ended.
            .withStdOut(true)
            .withStdErr(true)
            .withFollowStream(true)
            .exec(
                new ResultCallback.Adapter<>() {
                  @Override
                  public void onError(Throwable fault) {
                    LOG.atDebug().addKeyValue("unit", name).setCause(fault).log("Let go");
                    onComplete();
                  }

                  @Override
                  public void onComplete() {
                    ended = true;
                    super.onComplete();
                  }
                });
  }

  /** Attaches to a container that was made but not started yet. */
  static StandbyContainer attach(DockerClient docker, UnitId name, String id, String image)
      throws InterruptedException {
    StandbyContainer container = new StandbyContainer(docker, name, id, image);
    if (!container.connection.awaitStarted(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      container.close();
      throw new LaunchException("Docker does not attach to a container.", true, null);
    }
    return container;
  }

  /** Its name until it gets its run, and for good the name of the volume it works in. */
  UnitId name() {
    return name;
  }

  String id() {
    return id;
  }

  String image() {
    return image;
  }

  /** For how long it is there, in nanoseconds. */
  long age() {
    return System.nanoTime() - since;
  }

  /** True if it cannot be told anything any more. */
  boolean hasEnded() {
    return ended;
  }

  /** Tells its engine which run it is for, and lets go of it. */
  void tell(LaunchRequest request) throws InterruptedException {
    byte[] settings = Json.bytes(Containers.assignment(request));
    byte[] line = Arrays.copyOf(settings, settings.length + 1);
    line[settings.length] = '\n';
    input.tell(line);
    if (!input.awaitPassedOn(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS))) {
      LOG.atWarn().addKeyValue("unit", request.unit()).log("Docker does not take standard input");
    }
    close();
  }

  @Override
  public void close() {
    input.close();
    try {
      connection.close();
    } catch (IOException e) {
      LOG.atDebug().addKeyValue("unit", name).setCause(e).log("Connection was not closed");
    }
  }
}
