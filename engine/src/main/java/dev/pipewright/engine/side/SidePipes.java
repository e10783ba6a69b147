package dev.pipewright.engine.side;

import dev.pipewright.engine.log.ByteSink;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the engine shares with one container for one command: a folder with the script, and named
 * pipes for the environment, the output, orders and the exit code. Values of secrets and output
 * pass through the pipes only, so none of them is ever in a file. Confined to the thread of the
 * command, but for the three that it starts.
 */
final class SidePipes implements AutoCloseable {
  private static final List<String> PIPES = List.of("env", "out", "orders", "exit");
  private static final int BUFFER = 64 * 1024;

  private final Path folder;
  private final CompletableFuture<@Nullable Integer> exitCode = new CompletableFuture<>();
  private final CountDownLatch outputRead = new CountDownLatch(1);
  private volatile boolean reading;
  private @Nullable RandomAccessFile orders;

  private SidePipes(Path folder) {
    this.folder = folder;
  }

  /**
   * Makes the folder with its pipes.
   *
   * @param parent is made if it is missing
   * @throws IOException if that is not possible
   */
  static SidePipes in(Path parent) throws IOException, InterruptedException {
    Files.createDirectories(parent);
    Path folder = Files.createTempDirectory(parent, "command-");
    // The user of the other container may be another one than ours.
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    List<String> line = new ArrayList<>(List.of("mkfifo", "-m", "666"));
    PIPES.forEach(name -> line.add(folder.resolve(name).toString()));
    Process process =
        new ProcessBuilder(line).redirectErrorStream(true).redirectInput(Redirect.PIPE).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("mkfifo failed: " + said.strip());
    }
    return new SidePipes(folder);
  }

  Path folder() {
    return folder;
  }

  /** Writes the script and returns where it is. */
  Path script(String text) throws IOException {
    Path script = Files.writeString(folder.resolve("run.sh"), text);
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return script;
  }

  /** Begins to hand over the environment and to take the output and the exit code. */
  void open(String environment, ByteSink output) {
    Thread.ofPlatform().daemon().name("side-env").start(() -> hand(environment));
    Thread.ofPlatform().daemon().name("side-out").start(() -> take(output));
    Thread.ofPlatform().daemon().name("side-exit").start(this::takeExitCode);
  }

  private void hand(String environment) {
    try (OutputStream out = new FileOutputStream(folder.resolve("env").toFile())) {
      out.write(environment.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // The container has ended before it read all of it; how it ended is known otherwise.
    }
  }

  private void take(ByteSink output) {
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = new FileInputStream(folder.resolve("out").toFile())) {
      int read;
      while ((read = in.read(buffer, 0, buffer.length)) >= 0) {
        reading = true;
        output.write(buffer, 0, read);
        reading = false;
      }
    } catch (IOException e) {
      // The folder is gone: the command is over.
    } finally {
      reading = false;
      outputRead.countDown();
    }
  }

  private void takeExitCode() {
    try {
      String code = Files.readString(folder.resolve("exit")).strip();
      exitCode.complete(code.isEmpty() ? null : Integer.valueOf(code));
    } catch (IOException | NumberFormatException e) {
      exitCode.completeExceptionally(e);
    }
  }

  /** The exit code, once the command has ended; null if it has ended without one. */
  CompletableFuture<@Nullable Integer> exitCode() {
    return exitCode;
  }

  /**
   * Nobody will say an exit code any more. One that was said and not read yet is still told,
   * however busy this machine is; otherwise there is none.
   */
  void endExitCode() throws IOException {
    new RandomAccessFile(folder.resolve("exit").toFile(), "rw").close();
  }

  /** Waits for the end of the output; gives up when nothing has come for so long. */
  void awaitOutput(long silenceMillis) throws InterruptedException {
    while (!outputRead.await(silenceMillis, TimeUnit.MILLISECONDS)) {
      if (!reading) {
        return;
      }
    }
  }

  /** Sends a signal to everything in the container. */
  void signal(String name) throws IOException {
    if (orders == null) {
      // Opened for both directions so that it does not block while nobody reads.
      orders = new RandomAccessFile(folder.resolve("orders").toFile(), "rw");
    }
    orders.write((name + "\n").getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() throws IOException {
    try {
      for (String name : PIPES) {
        // Whoever still waits for the other side of a pipe finds it now, and nothing in it.
        new RandomAccessFile(folder.resolve(name).toFile(), "rw").close();
      }
      if (orders != null) {
        orders.close();
      }
    } finally {
      try (var files = Files.list(folder)) {
        for (Path each : (Iterable<Path>) files::iterator) {
          Files.deleteIfExists(each);
        }
      }
      Files.deleteIfExists(folder);
    }
  }
}
