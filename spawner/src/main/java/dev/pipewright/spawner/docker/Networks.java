package dev.pipewright.spawner.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Network;
import dev.pipewright.spawner.launch.Confinement;
import dev.pipewright.spawner.launch.LaunchException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The networks of an instance: one with a way out, one without for isolated runs, and one for
 * foreign runs, with a way out or without as it is configured. On none can containers reach each
 * other; on all they reach the server. Made when they are needed first. What they must not reach is
 * blocked before the first container is there. Thread-safe.
 */
final class Networks {
  private static final Logger LOG = LoggerFactory.getLogger(Networks.class);

  private static final int BRIDGE_DIGITS = 12;

  private final DockerClient docker;
  private final String instance;
  private final boolean foreignWayOut;
  private final @Nullable Firewall firewall;
  private final ReentrantLock making = new ReentrantLock();

  /** {@code firewall} null where nothing is or can be blocked. */
  Networks(DockerClient docker, DockerLauncherConfig config, @Nullable Firewall firewall) {
    this.docker = docker;
    this.instance = config.instance();
    this.foreignWayOut = config.isolation().foreign().wayOut();
    this.firewall = firewall;
  }

  /** A network and this machine's address on it. */
  record Reached(String id, String gateway) {}

  Reached of(Confinement confinement) {
    String name = "pipewright-" + instance + suffix(confinement);
    boolean internal =
        switch (confinement) {
          case USUAL -> false;
          case FOREIGN -> !foreignWayOut;
          case ISOLATED -> true;
        };
    making.lock();
    try {
      Network network = find(name).orElseGet(() -> make(name, internal));
      String gateway = gateway(network);
      if (firewall != null) {
        firewall.guard(bridge(network), gateway);
      }
      return new Reached(network.getId(), gateway);
    } finally {
      making.unlock();
    }
  }

  /** What a network is like cannot be changed, so another setting means another one. */
  private String suffix(Confinement confinement) {
    return switch (confinement) {
      case USUAL -> "";
      case FOREIGN -> foreignWayOut ? "-foreign-out" : "-foreign";
      case ISOLATED -> "-internal";
    };
  }

  /** What the daemon calls the interface of a network without a name of its own. */
  private static String bridge(Network network) {
    return "br-" + network.getId().substring(0, BRIDGE_DIGITS);
  }

  private Optional<Network> find(String name) {
    return docker.listNetworksCmd().withNameFilter(name).exec().stream()
        .filter(network -> network.getName().equals(name))
        .findFirst();
  }

  private Network make(String name, boolean internal) {
    try {
      docker
          .createNetworkCmd()
          .withName(name)
          .withDriver("bridge")
          .withCheckDuplicate(true)
          .withInternal(internal)
          .withLabels(Map.of(Labels.INSTANCE, instance))
          .withOptions(Map.of("com.docker.network.bridge.enable_icc", "false"))
          .exec();
    } catch (ConflictException e) {
      return find(name).orElseThrow(() -> e);
    } catch (NotFoundException e) {
      throw new LaunchException(
          "Docker makes no more networks (%s): remove unused ones with 'docker network prune', or give the daemon more default-address-pools."
              .formatted(String.valueOf(e.getMessage()).strip()),
          true,
          e);
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

  /** Removes them all; those still in use stay. */
  void remove() {
    for (Network network :
        docker
            .listNetworksCmd()
            .withFilter("label", List.of(Labels.INSTANCE + "=" + instance))
            .exec()) {
      try {
        docker.removeNetworkCmd(network.getId()).exec();
        if (firewall != null) {
          firewall.forget(bridge(network));
        }
      } catch (NotFoundException e) {
        LOG.atDebug().addKeyValue("network", network.getName()).log("Network was gone");
      }
    }
  }
}
