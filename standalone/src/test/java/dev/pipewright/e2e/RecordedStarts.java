package dev.pipewright.e2e;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a JVM records of a start so that later ones take half as long: one record for servers and
 * one for every other command, made once for the built distribution, as the launcher script does.
 */
final class RecordedStarts {
  private static final Path FOLDER = Path.of("target", "recorded-starts").toAbsolutePath();
  private static final Set<String> SERVERS = Set.of("up", "demo");

  private final Path lib;
  private final List<String> start;

  /**
   * Records of what {@code start} starts.
   *
   * @param lib the jars of the distribution
   * @param start the command line up to the arguments of the pipewright command
   */
  RecordedStarts(Path lib, List<String> start) {
    this.lib = lib;
    this.start = start;
  }

  /** The command line with its record; the first call of all makes the records. */
  List<String> command(List<String> arguments) {
    boolean server = !arguments.isEmpty() && SERVERS.contains(arguments.getFirst());
    List<String> command = new ArrayList<>(start);
    List<String> options = new ArrayList<>();
    options.add("-XX:AOTCache=" + records().resolve(server ? "start.aot" : "client.aot"));
    options.add("-Xlog:aot=off");
    if (!server) {
      options.add("-XX:TieredStopAtLevel=1");
    }
    command.addAll(1, options);
    command.addAll(arguments);
    return command;
  }

  private Path records() {
    try {
      Path records = FOLDER.resolve(key());
      if (Files.notExists(records)) {
        makeOnce(records);
      }
      return records;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Tests run in several processes and threads. */
  private void makeOnce(Path records) throws IOException {
    Files.createDirectories(FOLDER);
    synchronized (RecordedStarts.class) {
      try (FileChannel file =
              FileChannel.open(
                  FOLDER.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock _ = file.lock()) {
        if (Files.notExists(records)) {
          record(records);
        }
      }
    }
  }

  /** Names these very jars: a JVM does not notice that one has changed. */
  private String key() throws IOException {
    Set<String> jars = new TreeSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(lib)) {
      for (Path jar : files) {
        jars.add(jar.getFileName() + " " + Files.getLastModifiedTime(jar) + " " + Files.size(jar));
      }
    }
    return "%08x".formatted(jars.hashCode());
  }

  private void record(Path records) throws IOException {
    Path made = Files.createTempDirectory(FOLDER, "making");
    Path tree = Files.createDirectory(made.resolve("tree"));
    run(List.of(), List.of("init", "--dir", tree.toString()));
    run(List.of("-XX:AOTCacheOutput=" + made.resolve("start.aot")), List.of("warm-up"));
    run(
        List.of("-XX:AOTCacheOutput=" + made.resolve("client.aot")),
        List.of("run", "--dir", tree.toString()));
    Files.move(made, records);
  }

  private void run(List<String> options, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(start);
    command.addAll(1, options);
    command.addAll(arguments);
    File output = Files.createTempFile(FOLDER, "recording", ".log").toFile();
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output).start();
    try {
      if (process.waitFor() != 0) {
        throw new IOException(
            "A start could not be recorded: " + Files.readString(output.toPath()));
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a start was recorded", e);
    }
  }
}
