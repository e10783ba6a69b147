package dev.pipewright.protocol.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** Passes bytes on to a port of this machine, until the line is cut or swallows everything. */
public final class TcpProxy implements AutoCloseable {
  private static final int PIECE = 16 * 1024;

  private final ServerSocket entrance;
  private final int port;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicReference<Line> line = new AtomicReference<>(Line.WHOLE);

  private enum Line {
    WHOLE,
    CUT,
    SILENT
  }

  public TcpProxy(int port) {
    this.port = port;
    try {
      this.entrance = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  /** Where clients of HTTP reach the server through this line. */
  public URI address() {
    return URI.create("http://127.0.0.1:" + port());
  }

  /** The port of this end of the line. */
  public int port() {
    return entrance.getLocalPort();
  }

  /** Ends all connections and refuses new ones. */
  public void cut() {
    line.set(Line.CUT);
    hangUp();
  }

  /** Takes connections and bytes as before, and passes nothing on: a network that is gone. */
  public void silence() {
    line.set(Line.SILENT);
  }

  /** Lets connections through again; those that have lost bytes end. */
  public void mend() {
    if (line.getAndSet(Line.WHOLE) == Line.SILENT) {
      hangUp();
    }
  }

  private void hangUp() {
    open.forEach(TcpProxy::quietly);
    open.clear();
  }

  private void accept() {
    while (!entrance.isClosed()) {
      try {
        connect(entrance.accept());
      } catch (IOException e) {
        if (entrance.isClosed()) {
          return;
        }
      }
    }
  }

  private void connect(Socket visitor) throws IOException {
    open.add(visitor);
    if (line.get() == Line.CUT) {
      quietly(visitor);
      return;
    }
    try {
      Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
      open.add(server);
      Thread.ofVirtual().start(() -> pass(visitor, server));
      Thread.ofVirtual().start(() -> pass(server, visitor));
    } catch (IOException e) {
      quietly(visitor);
      throw e;
    }
    if (line.get() == Line.CUT) {
      // It was cut while this connection was made.
      hangUp();
    }
  }

  private void pass(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] piece = new byte[PIECE];
      for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
        if (line.get() != Line.SILENT) {
          out.write(piece, 0, count);
        }
      }
    } catch (IOException e) {
      quietly(to);
    } finally {
      open.remove(from);
      open.remove(to);
    }
  }

  private static void quietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    cut();
    try {
      entrance.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
