package dev.pipewright.spawner.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.spawner.launch.Limits;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers for which limits containers were ended, so that the next server on the same daemon
 * knows, too. As nothing can be written to a container's labels later, an empty volume beside it
 * has them. Thread-safe.
 */
final class EndedFor {
  private static final Logger LOG = LoggerFactory.getLogger(EndedFor.class);
  private static final String LIMIT = "dev.pipewright.ended-for";
  private static final String REASON = "dev.pipewright.ended-for.reason";

  private final DockerClient docker;
  private final String instance;

  /** Containers that were made here and of which nothing was noted: nobody need ask of them. */
  private final Set<String> unnoted = ConcurrentHashMap.newKeySet();

  EndedFor(DockerClient docker, String instance) {
    this.docker = docker;
    this.instance = instance;
  }

  private static String volume(String container) {
    return container + "-ended-for";
  }

  /** A container was just made here, so that all that will be noted of it is noted here. */
  void made(String container) {
    unnoted.add(container);
  }

  /** Writes down why a container is about to be ended; the first reason stays. */
  void note(String container, Limits.Breach breach) {
    unnoted.remove(container);
    docker
        .createVolumeCmd()
        .withName(volume(container))
        .withLabels(
            Map.of(
                Labels.INSTANCE, instance, LIMIT, breach.limit().name(), REASON, breach.reason()))
        .exec();
  }

  /** The limit a container was ended for, or was to be; empty if it was not. */
  Optional<Limits.Breach> of(String container) {
    if (unnoted.contains(container)) {
      return Optional.empty();
    }
    try {
      Map<String, String> labels = docker.inspectVolumeCmd(volume(container)).exec().getLabels();
      return labels == null || !labels.containsKey(LIMIT)
          ? Optional.empty()
          : Optional.of(
              new Limits.Breach(
                  LaunchEnd.Limit.valueOf(labels.get(LIMIT)), labels.getOrDefault(REASON, "")));
    } catch (NotFoundException e) {
      return Optional.empty();
    }
  }

  /** Forgets a container that is being removed. */
  void forget(String container) {
    if (unnoted.remove(container)) {
      return;
    }
    try {
      docker.removeVolumeCmd(volume(container)).exec();
    } catch (NotFoundException e) {
      LOG.atTrace().addKeyValue("container", container).log("Container was ended for no limit");
    } catch (ConflictException e) {
      LOG.atDebug().addKeyValue("container", container).setCause(e).log("Note was not removed");
    } catch (RuntimeException e) {
      LOG.atWarn().addKeyValue("container", container).setCause(e).log("Note was not removed");
    }
  }
}
