package dev.pipewright.spawner.docker;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps containers from reaching this machine, other than the server's own port, and addresses
 * where clouds tell secrets to whoever asks. Done by {@code iptables} on the machine of the daemon,
 * as root; where that is not to be had, nothing is blocked. Thread-safe.
 */
final class Firewall {
  private static final Logger LOG = LoggerFactory.getLogger(Firewall.class);
  private static final List<String> METADATA = List.of("169.254.0.0/16", "100.100.100.200/32");
  private static final List<Path> PLACES =
      List.of(Path.of("/usr/sbin"), Path.of("/sbin"), Path.of("/usr/bin"), Path.of("/bin"));
  private static final Duration FRESH = Duration.ofMinutes(1);
  private static final int PATIENCE_SECONDS = 10;
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  private final String callback;
  private final Map<String, Long> guarded = new ConcurrentHashMap<>();

  /** {@code callback} is where containers reach the server. */
  Firewall(String callback) {
    this.callback = callback;
  }

  /** True if this process may change the rules of a machine on which a daemon has its own. */
  static boolean isPossible() {
    try {
      run("", "iptables", "-w", "-S", "DOCKER-USER");
      return true;
    } catch (IOException e) {
      LOG.atDebug().setCause(e).log("Nothing can be blocked");
      return false;
    }
  }

  /** Sees to it that the rules for the containers on a bridge are there. */
  void guard(String bridge, String gateway) {
    Long last = guarded.get(bridge);
    if (last != null && System.nanoTime() - last < FRESH.toNanos()) {
      return;
    }
    try {
      run(rules(bridge, gateway), "iptables-restore", "-w", "--noflush");
      jump("INPUT", bridge, toHost(bridge));
      jump("DOCKER-USER", bridge, outwards(bridge));
      guarded.put(bridge, System.nanoTime());
    } catch (IOException e) {
      LOG.atWarn()
          .addKeyValue("bridge", bridge)
          .setCause(e)
          .log("Runs may reach this machine and metadata addresses: they could not be blocked");
    }
  }

  private static String toHost(String bridge) {
    return "PW-HOST-" + bridge;
  }

  private static String outwards(String bridge) {
    return "PW-OUT-" + bridge;
  }

  private String rules(String bridge, String gateway) {
    List<String> lines = new ArrayList<>();
    lines.add("*filter");
    lines.add(":%s - [0:0]".formatted(toHost(bridge)));
    lines.add(":%s - [0:0]".formatted(outwards(bridge)));
    String host = "-A " + toHost(bridge);
    lines.add(host + " -m conntrack --ctstate ESTABLISHED,RELATED -j RETURN");
    lines.add(host + server(gateway) + " -j RETURN");
    lines.add(host + " -j REJECT");
    String out = "-A " + outwards(bridge);
    for (String address : METADATA) {
      // Some clouds serve names there, too.
      for (String protocol : List.of("udp", "tcp")) {
        lines.add("%s -d %s -p %s --dport 53 -j RETURN".formatted(out, address, protocol));
      }
      lines.add("%s -d %s -j REJECT".formatted(out, address));
    }
    lines.add("COMMIT");
    return String.join("\n", lines) + "\n";
  }

  /** Matches packets to the server. */
  private String server(String gateway) {
    URI address = URI.create(callback.replace("{gateway}", gateway));
    int port = address.getPort();
    if (port < 0) {
      port = "https".equals(address.getScheme()) ? HTTPS : HTTP;
    }
    String to = callback.contains("{gateway}") ? " -d " + gateway : "";
    return "%s -p tcp --dport %d".formatted(to, port);
  }

  private static void jump(String from, String bridge, String chain) throws IOException {
    try {
      run("", "iptables", "-w", "-C", from, "-i", bridge, "-j", chain);
    } catch (IOException e) {
      run("", "iptables", "-w", "-I", from, "-i", bridge, "-j", chain);
    }
  }

  /** Takes the rules for a bridge away, which is to be removed. */
  void forget(String bridge) {
    guarded.remove(bridge);
    drop("INPUT", bridge, toHost(bridge));
    drop("DOCKER-USER", bridge, outwards(bridge));
  }

  private static void drop(String from, String bridge, String chain) {
    try {
      run("", "iptables", "-w", "-D", from, "-i", bridge, "-j", chain);
      run("", "iptables", "-w", "-F", chain);
      run("", "iptables", "-w", "-X", chain);
    } catch (IOException e) {
      LOG.atDebug().addKeyValue("chain", chain).setCause(e).log("Rules were not there");
    }
  }

  private static void run(String input, String program, String... arguments) throws IOException {
    List<String> line = new ArrayList<>(List.of(place(program)));
    line.addAll(List.of(arguments));
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    try {
      process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException(program + ": " + said.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static String place(String program) {
    return PLACES.stream()
        .map(folder -> folder.resolve(program))
        .filter(Files::isExecutable)
        .findFirst()
        .map(Path::toString)
        .orElse(program);
  }
}
