package dev.pipewright.standalone.server;

import dev.pipewright.standalone.CommandException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.util.Set;

/**
 * Where the server listens and how it is reached.
 *
 * @param local how this process reaches itself
 * @param state where the State-Controller is
 * @param publicUrl how others reach the server
 */
record ServerAddress(int port, URI local, URI state, URI publicUrl) {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  static ServerAddress of(ServerSettings settings, ComponentSettings components) {
    int port = settings.port == 0 ? freePort() : settings.port;
    String host = settings.host.equals("0.0.0.0") ? "127.0.0.1" : settings.host;
    URI local = address("--host", settings.host, "http://" + host + ":" + port);
    URI state = components.worksForOthers() ? components.stateUrl() : local;
    String own = components.worksForOthers() ? state.toString() : "http://localhost:" + port;
    String shown = settings.publicUrl == null ? own : settings.publicUrl;
    if (!shown.startsWith("http://") && !shown.startsWith("https://")) {
      throw new CommandException(
          "--public-url must begin with http:// or https://, not '" + shown + "'.", 2);
    }
    return new ServerAddress(
        port,
        local,
        state,
        address(
            "--public-url",
            shown,
            shown.endsWith("/") ? shown.substring(0, shown.length() - 1) : shown));
  }

  private static URI address(String option, String said, String url) {
    try {
      return URI.create(url);
    } catch (IllegalArgumentException e) {
      throw new CommandException(option + " is no address: '" + said + "'.", 2);
    }
  }

  /**
   * Where containers on this machine reach the State-Controller; {@code {gateway}} stands for this
   * machine as they see it.
   */
  String forContainers() {
    if (!state.equals(local) && !LOOPBACK.contains(state.getHost())) {
      return state.toString();
    }
    String port = state.getPort() < 0 ? "" : ":" + state.getPort();
    return state.getScheme() + "://{gateway}" + port;
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
