package dev.pipewright.spawner.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.InternetProtocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Tells whether a service whose image has no health check listens yet on one of the ports the image
 * exposes. Looks at the network of its process from outside, so only where the daemon is on this
 * machine and this process may; elsewhere, and after a while, a service counts as ready.
 */
final class Ports {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final List<String> TABLES = List.of("tcp", "tcp6");
  private static final int LOCAL_ADDRESS = 1;
  private static final int STATE = 3;
  private static final String LISTENING = "0A";
  private static final int HEX = 16;

  /** When containers were looked at first. */
  private final Map<String, Long> since = new ConcurrentHashMap<>();

  /** True if there is reason to wait for the service. */
  boolean isStillStarting(InspectContainerResponse container) {
    boolean starting = isSilent(container) && !isOld(container.getId());
    if (!starting) {
      since.remove(container.getId());
    }
    return starting;
  }

  private static boolean isSilent(InspectContainerResponse container) {
    Long pid = container.getState().getPidLong();
    Set<Integer> exposed = exposed(container);
    if (exposed.isEmpty() || pid == null) {
      return false;
    }
    try {
      return listening(Path.of("/proc", pid.toString(), "net")).noneMatch(exposed::contains);
    } catch (IOException e) {
      return false;
    }
  }

  private static Set<Integer> exposed(InspectContainerResponse container) {
    ExposedPort[] ports = container.getConfig().getExposedPorts();
    return ports == null
        ? Set.of()
        : Stream.of(ports)
            .filter(port -> port.getProtocol() == InternetProtocol.TCP)
            .map(ExposedPort::getPort)
            .collect(Collectors.toSet());
  }

  private boolean isOld(String container) {
    long now = System.nanoTime();
    Long first = since.putIfAbsent(container, now);
    return first != null && now - first > PATIENCE.toNanos();
  }

  /** The ports somebody listens on, of the tables of a network. */
  static Stream<Integer> listening(Path tables) throws IOException {
    Stream.Builder<Integer> ports = Stream.builder();
    for (String table : TABLES) {
      Path file = tables.resolve(table);
      if (!Files.isReadable(file)) {
        throw new IOException(file + " cannot be read");
      }
      for (String line : Files.readAllLines(file)) {
        String[] fields = line.strip().split("\\s+", -1);
        if (fields.length > STATE && fields[STATE].equals(LISTENING)) {
          String address = fields[LOCAL_ADDRESS];
          ports.add(Integer.parseInt(address.substring(address.lastIndexOf(':') + 1), HEX));
        }
      }
    }
    return ports.build();
  }
}
