package greeter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class GreeterTest {

  @Test
  void greetsByName() {
    assertEquals("Hello, Ada!", new Greeting(" Ada ").text());
  }

  @Test
  void greetsAStrangerWithoutAName() {
    assertEquals("Hello, stranger!", new Greeting("").text());
  }

  @Test
  void answersOverHttp() throws Exception {
    var server = GreeterMain.start(0);
    try {
      URI uri = URI.create("http://localhost:" + server.getAddress().getPort() + "/greet?name=J%C3%BCrgen");
      try (InputStream in = uri.toURL().openStream()) {
        assertEquals("Hello, Jürgen!", new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    } finally {
      server.stop(0);
    }
  }
}
