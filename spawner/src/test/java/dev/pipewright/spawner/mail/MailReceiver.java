package dev.pipewright.spawner.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A mail server that keeps the lines it hears and the mail it gets. */
final class MailReceiver implements AutoCloseable {
  private final ServerSocket server;
  private final @Nullable SSLContext tls;
  private final boolean implicit;

  /** What it heard, in order; data of mail is not in here. */
  final List<String> heard = new CopyOnWriteArrayList<>();

  /** The mail it got. */
  final List<String> mail = new CopyOnWriteArrayList<>();

  /** What it answers to a command instead of the usual. */
  final Map<String, String> says = new ConcurrentHashMap<>();

  /**
   * Begins to listen.
   *
   * @param tls with what it encrypts; null: not at all
   * @param implicit whether it does so from the first byte, and not when it is asked to
   */
  MailReceiver(@Nullable SSLContext tls, boolean implicit) throws IOException {
    this.tls = tls;
    this.implicit = implicit;
    this.server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    Thread unused = Thread.startVirtualThread(this::listen);
  }

  int port() {
    return server.getLocalPort();
  }

  private void listen() {
    try {
      while (true) {
        Socket client = server.accept();
        Thread unused = Thread.startVirtualThread(() -> talk(client));
      }
    } catch (IOException e) {
      // It was closed.
    }
  }

  private void talk(Socket client) {
    try (Socket plain = client) {
      if (implicit) {
        talk(encrypted(plain), true);
      } else if (talk(plain, false)) {
        boolean unused = talk(encrypted(plain), true);
      }
    } catch (IOException e) {
      heard.add("broken off");
    }
  }

  private Socket encrypted(Socket plain) throws IOException {
    SSLContext context = tls;
    if (context == null) {
      throw new IOException("There is nothing to encrypt with.");
    }
    SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(plain, "localhost", plain.getPort(), true);
    socket.setUseClientMode(false);
    return socket;
  }

  /** True if the client wants to go on encrypted. */
  private boolean talk(Socket socket, boolean encrypted) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    OutputStream out = socket.getOutputStream();
    if (!encrypted || implicit) {
      say(out, "220 ready");
    }
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      heard.add((encrypted ? "tls " : "") + line);
      String command = line.split(" ", 2)[0].toUpperCase(java.util.Locale.ROOT);
      String other = says.get(command);
      if (other != null) {
        say(out, other);
      } else if (command.equals("STARTTLS")) {
        say(out, "220 go ahead");
        return true;
      } else if (command.equals("DATA")) {
        say(out, "354 go ahead");
        mail.add(data(in));
        say(out, "250 taken");
      } else {
        say(out, usual(command, encrypted));
      }
    }
    return false;
  }

  private String usual(String command, boolean encrypted) {
    return switch (command) {
      case "EHLO" ->
          "250-mail.example\r\n"
              + (tls != null && !encrypted ? "250-STARTTLS\r\n" : "")
              + "250 AUTH PLAIN";
      case "AUTH" -> "235 welcome";
      case "QUIT" -> "221 bye";
      default -> "250 fine";
    };
  }

  private static String data(BufferedReader in) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
      lines.add(line);
    }
    return String.join("\n", lines);
  }

  private static void say(OutputStream out, String line) throws IOException {
    out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
