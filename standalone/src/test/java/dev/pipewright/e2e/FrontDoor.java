package dev.pipewright.e2e;

import dev.pipewright.protocol.client.HttpTransport;
import java.net.URI;
import java.time.Duration;

/** Where a server is reached, be it one process or several. */
interface FrontDoor {
  URI uri();

  /** A connection with the admin token. */
  default HttpTransport http() {
    return new HttpTransport(uri(), ServerProcess.TOKEN, Duration.ofSeconds(30));
  }
}
