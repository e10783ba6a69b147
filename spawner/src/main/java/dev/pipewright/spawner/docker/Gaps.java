package dev.pipewright.spawner.docker;

import com.github.dockerjava.api.DockerClient;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What does not hold on this machine though one may think it does, in words. */
final class Gaps {
  private static final Logger LOG = LoggerFactory.getLogger(Gaps.class);
  private static final String UNBLOCKED =
      "runs can reach the ports of this machine and, in a cloud, its metadata addresses: to block"
          + " that, run the server as root on the daemon's machine with iptables";
  private static final String UNMAPPED =
      "root in a container is root of this machine, as the Docker daemon remaps no users: to change"
          + " that, start dockerd with userns-remap (see docs/security.md)";

  private Gaps() {}

  /** What containers reach that should be blocked; null if nothing. Also goes to the log. */
  static @Nullable String unblocked(Isolation isolation) {
    if (isolation.hostAccess() || Firewall.isPossible()) {
      return null;
    }
    LOG.atWarn().log(UNBLOCKED);
    return UNBLOCKED;
  }

  /**
   * Whether root in containers is root outside; null if not, or if the daemon does not tell. Also
   * goes to the log.
   */
  static @Nullable String unmapped(DockerClient docker) {
    try {
      List<String> options = docker.infoCmd().exec().getSecurityOptions();
      if (options == null || isMapped(options)) {
        return null;
      }
    } catch (RuntimeException e) {
      LOG.atDebug().setCause(e).log("The Docker daemon does not tell its options");
      return null;
    }
    LOG.atWarn().log(UNMAPPED);
    return UNMAPPED;
  }

  /** Options are like {@code name=seccomp,profile=default}. */
  static boolean isMapped(List<String> options) {
    return options.stream()
        .flatMap(option -> Stream.of(option.split(",")))
        .anyMatch(option -> option.equals("name=userns") || option.equals("name=rootless"));
  }

  /** All there are in one line; null if there are none. */
  static @Nullable String joined(@Nullable String... gaps) {
    String all = Stream.of(gaps).filter(Objects::nonNull).collect(Collectors.joining("; "));
    return all.isEmpty() ? null : all;
  }
}
