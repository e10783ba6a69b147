package dev.pipewright.e2e;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** The load balancer of the documentation, with other addresses. */
final class Haproxy implements AutoCloseable {
  private static final Path PAGE = Path.of("..", "docs", "configuration.md");
  private static final String BEGIN = "```\ndefaults\n";

  private final Process process;

  private Haproxy(Process process) {
    this.process = process;
  }

  /**
   * Starts it and waits until it listens.
   *
   * @param addresses what stands in the place of each address of the documentation
   */
  static Haproxy start(Path folder, int port, Map<String, String> addresses) {
    try {
      String page = Files.readString(PAGE);
      int begin = page.indexOf(BEGIN) + "```\n".length();
      String configuration = page.substring(begin, page.indexOf("```", begin));
      configuration = replaced(configuration, ":8080", "127.0.0.1:" + port);
      for (Map.Entry<String, String> address : addresses.entrySet()) {
        configuration = replaced(configuration, address.getKey(), address.getValue());
      }
      Path file = Files.writeString(folder.resolve("haproxy.cfg"), configuration);
      Process process =
          new ProcessBuilder("/usr/sbin/haproxy", "-db", "-f", file.toString())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("haproxy.log").toFile())
              .start();
      await().atMost(Duration.ofMinutes(1)).until(() -> listens(port));
      return new Haproxy(process);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String replaced(String text, String old, String fresh) {
    if (!text.contains(old)) {
      throw new IllegalStateException("There is no " + old + " in " + PAGE + ".");
    }
    return text.replace(old, fresh);
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
