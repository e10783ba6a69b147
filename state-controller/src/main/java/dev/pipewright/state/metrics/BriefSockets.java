package dev.pipewright.state.metrics;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Connections that are made soon or not at all. By itself a connection to who says neither yes nor
 * no is tried for minutes, and whoever waits for it cannot end before. Thread-safe.
 */
final class BriefSockets extends SocketFactory {
  private final int limitMillis;

  BriefSockets(Duration limit) {
    this.limitMillis = Math.toIntExact(limit.toMillis());
  }

  private Socket connected(SocketAddress to, @Nullable SocketAddress from) throws IOException {
    Socket socket = new Socket();
    try {
      if (from != null) {
        socket.bind(from);
      }
      socket.connect(to, limitMillis);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port), null);
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
      throws IOException {
    return connected(new InetSocketAddress(host, port), new InetSocketAddress(from, fromPort));
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return createSocket(InetAddress.getByName(host), port);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress from, int fromPort)
      throws IOException {
    return createSocket(InetAddress.getByName(host), port, from, fromPort);
  }
}
