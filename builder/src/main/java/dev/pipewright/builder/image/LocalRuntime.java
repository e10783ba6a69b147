package dev.pipewright.builder.image;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine on this machine, without containers: its command, and the cache that makes it start
 * quickly. Thread-safe.
 */
public final class LocalRuntime {
  /** The options every engine is started with, in images too. */
  static final List<String> OPTIONS =
      List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData");

  static final String MAIN = "dev.pipewright.engine.EngineMain";

  /** Tells an engine the class path of what tests of pipelines need. */
  static final String TESTING = "-Dpipewright.testing=";

  private static final Logger log = LoggerFactory.getLogger(LocalRuntime.class);
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Path javaHome;
  private final EngineFiles engine;
  private final List<Path> testing;
  private final Path folder;

  /**
   * The engine run by one JDK.
   *
   * @param folder where caches are kept
   */
  public LocalRuntime(Path javaHome, EngineJars jars, Path folder) {
    this.javaHome = javaHome;
    this.engine = new EngineFiles(jars.engine());
    this.testing = jars.testing();
    this.folder = folder;
  }

  /**
   * The command that starts an engine. It makes the cache first if there is none, which takes some
   * seconds; without one the engine works too, but starts slower.
   */
  public List<String> engineCommand() {
    List<String> command = new ArrayList<>();
    command.add(java());
    aotCache().ifPresent(cache -> command.add("-XX:AOTCache=" + cache));
    command.addAll(OPTIONS);
    command.add(TESTING + classPath(testing));
    command.addAll(List.of("-cp", classPath(engine.classPath()), MAIN));
    return List.copyOf(command);
  }

  private String java() {
    return javaHome.resolve("bin/java").toString();
  }

  private static String classPath(List<Path> entries) {
    return entries.stream()
        .map(entry -> entry.toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  /**
   * The AOT cache of the engine, made when first asked for. Its name carries a hash of everything
   * it was made from, because a JVM does not notice that a jar has changed.
   *
   * @return empty if it cannot be made; the reason is in the log
   */
  public synchronized Optional<Path> aotCache() {
    if (!engine.isPacked()) {
      return Optional.empty();
    }
    try {
      Path ready = folder.resolve("engine-" + key() + ".aot").toAbsolutePath();
      if (!Files.exists(ready)) {
        Files.createDirectories(folder);
        make(ready);
      }
      return Optional.of(ready);
    } catch (IOException e) {
      log.atWarn().setCause(e).log("Engine starts slower, because its cache could not be made");
      return Optional.empty();
    }
  }

  private String key() throws IOException {
    return new ContentHash()
        .text(Files.readString(javaHome.resolve("release")))
        .text(javaHome.toString())
        .text(String.join(" ", OPTIONS))
        .text(classPath(engine.classPath()))
        .files(engine.classPath())
        .abbreviated();
  }

  /** Those of engines before this one; one that still runs has its own open. */
  private void removeOthers(Path ready) throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "engine-*.aot")) {
      for (Path other : all) {
        if (!other.getFileName().equals(ready.getFileName())) {
          Files.deleteIfExists(other);
        }
      }
    }
  }

  private void make(Path ready) throws IOException {
    Path fresh = Files.createTempFile(folder, "making-", ".aot");
    try {
      List<String> command = new ArrayList<>();
      command.addAll(List.of(java(), "-XX:AOTCacheOutput=" + fresh));
      command.addAll(OPTIONS);
      command.addAll(List.of("-cp", classPath(engine.classPath()), MAIN, "--warm-up"));
      Commands.run(LIMIT, command);
      if (Files.size(fresh) == 0) {
        throw new IOException("The JVM made no cache.");
      }
      Files.move(fresh, ready, StandardCopyOption.ATOMIC_MOVE);
      removeOthers(ready);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }
}
