package dev.pipewright.spawner.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Network;
import dev.pipewright.spawner.launch.LaunchException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two networks of an instance: one with a way out, and one without for isolated runs. On
 * neither can containers reach each other; on both they reach this machine. Made when they are
 * needed first. Thread-safe.
 */
final class Networks {
  private static final Logger LOG = LoggerFactory.getLogger(Networks.class);

  private final DockerClient docker;
  private final String instance;
  private final ReentrantLock making = new ReentrantLock();

  Networks(DockerClient docker, String instance) {
    this.docker = docker;
    this.instance = instance;
  }

  /** A network and this machine's address on it. */
  record Reached(String id, String gateway) {}

  Reached of(boolean isolated) {
    String name = "pipewright-" + instance + (isolated ? "-internal" : "");
    making.lock();
    try {
      Network network = find(name).orElseGet(() -> make(name, isolated));
      return new Reached(network.getId(), gateway(network));
    } finally {
      making.unlock();
    }
  }

  private Optional<Network> find(String name) {
    return docker.listNetworksCmd().withNameFilter(name).exec().stream()
        .filter(network -> network.getName().equals(name))
        .findFirst();
  }

  private Network make(String name, boolean isolated) {
    try {
      docker
          .createNetworkCmd()
          .withName(name)
          .withDriver("bridge")
          .withCheckDuplicate(true)
          .withInternal(isolated)
          .withLabels(Map.of(Labels.INSTANCE, instance))
          .withOptions(Map.of("com.docker.network.bridge.enable_icc", "false"))
          .exec();
    } catch (ConflictException e) {
      return find(name).orElseThrow(() -> e);
    }
    return find(name)
        .orElseThrow(
            () -> new LaunchException("The network " + name + " vanished at once.", true, null));
  }

  private static String gateway(Network network) {
    List<Network.Ipam.Config> config = network.getIpam().getConfig();
    return config.stream()
        .map(Network.Ipam.Config::getGateway)
        .filter(address -> address != null && !address.isEmpty())
        .map(address -> address.replaceAll("/.*", ""))
        .findFirst()
        .orElseThrow(
            () ->
                new LaunchException(
                    "The network " + network.getName() + " has no gateway.", false, null));
  }

  /** Removes both networks; those still in use stay. */
  void remove() {
    for (Network network :
        docker
            .listNetworksCmd()
            .withFilter("label", List.of(Labels.INSTANCE + "=" + instance))
            .exec()) {
      try {
        docker.removeNetworkCmd(network.getId()).exec();
      } catch (NotFoundException e) {
        LOG.atDebug().addKeyValue("network", network.getName()).log("Network was gone");
      }
    }
  }
}
