package dev.pipewright.spawner.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.api.model.EventType;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers which containers the kernel took memory away from. The flag of a container comes late
 * now and then; the event comes always, but is not kept. Thread-safe.
 */
final class OutOfMemory implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(OutOfMemory.class);
  private static final int REMEMBERED = 1000;
  private static final int KILLED = 137;
  private static final Duration NEWS = Duration.ofMillis(700);
  private static final Duration RECONNECT = Duration.ofSeconds(2);

  private final DockerClient docker;
  private final Map<String, Boolean> seen =
      Collections.synchronizedMap(
          new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
              return size() > REMEMBERED;
            }
          });
  private final Thread listener;

  OutOfMemory(DockerClient docker, String instance) {
    this.docker = docker;
    this.listener = Thread.ofVirtual().name("docker-oom").start(() -> listen(instance));
  }

  /**
   * True if an ended container was short of memory, by its flag or the event, which may be late.
   */
  boolean hit(String container, ContainerState state) throws InterruptedException {
    Long code = state.getExitCodeLong();
    boolean killed = code == null || code == KILLED;
    return Boolean.TRUE.equals(state.getOOMKilled())
        || hit(container, killed ? NEWS : Duration.ZERO);
  }

  private boolean hit(String container, Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!seen.containsKey(container)) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
    return true;
  }

  private void listen(String instance) {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        try (ResultCallback.Adapter<Event> events = subscribe(instance)) {
          events.awaitCompletion();
        } catch (IOException | RuntimeException e) {
          LOG.atDebug().setCause(e).log("Events of the Docker daemon broke off");
        }
        TimeUnit.NANOSECONDS.sleep(RECONNECT.toNanos());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private ResultCallback.Adapter<Event> subscribe(String instance) {
    return docker
        .eventsCmd()
        .withEventTypeFilter(EventType.CONTAINER)
        .withEventFilter("oom")
        .withLabelFilter(Map.of(Labels.INSTANCE, instance))
        .exec(
            new ResultCallback.Adapter<>() {
              @Override
              public void onNext(Event event) {
                if (event.getId() != null) {
                  seen.put(event.getId(), Boolean.TRUE);
                }
              }
            });
  }

  @Override
  public void close() {
    listener.interrupt();
  }
}
