package dev.pipewright.state.mongo;

import java.net.URI;
import java.nio.file.Path;

/** The embedded database as a server that others reach over the wire. */
public final class WireMongo implements AutoCloseable {
  private final EmbeddedMongo server;

  /** A database in {@code file}. */
  public WireMongo(Path file) {
    this.server = EmbeddedMongo.start(file);
  }

  /** The port of the loopback address it listens on. */
  public int port() {
    return URI.create(server.uri()).getPort();
  }

  @Override
  public void close() {
    server.close();
  }
}
