package dev.pipewright.builder.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The images runs use: a base image with our Java, the engine and its cache on top, made once for
 * each base and engine. Thread-safe.
 */
public final class RuntimeImages implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RuntimeImages.class);
  private static final int NAME_LIMIT = 500;
  private static final int SHOWN = 600;

  private final DockerImages docker;
  private final JavaRuntime java;
  private final EngineFiles engine;
  private final EngineFiles testing;
  private final Path folder;
  private final Map<String, ReentrantLock> making = new ConcurrentHashMap<>();

  /**
   * The images of one Docker daemon. Nothing is connected or made yet.
   *
   * @param javaHome the JDK whose runtime goes into images
   * @param folder where the linked Java is kept
   * @param dockerHost the daemon; empty for Docker's own defaults
   */
  public RuntimeImages(Path javaHome, EngineJars jars, Path folder, String dockerHost) {
    this.docker = new DockerImages(dockerHost);
    this.java = new JavaRuntime(javaHome, folder.resolve("jre"));
    this.engine = new EngineFiles(jars.engine());
    this.testing = new EngineFiles(jars.testing());
    this.folder = folder;
  }

  /** True for text that may be the name of an image: no blanks, and no option of a command. */
  public static boolean isReference(String image) {
    return image.length() <= NAME_LIMIT && image.matches("[A-Za-z0-9][A-Za-z0-9._/:@-]*");
  }

  /**
   * The runtime image for a base; pulls the base and makes the image if they are not here.
   *
   * @return an immutable image id, {@code sha256:…}
   * @throws ImageException if there is no such base, it cannot run an engine, or Docker is away
   */
  public String imageFor(String base) {
    if (!isReference(base)) {
      throw new ImageException("'" + shortened(base) + "' is not the name of an image.", null);
    }
    ReentrantLock lock = making.computeIfAbsent(base, _ -> new ReentrantLock());
    lock.lock();
    try {
      return found(base);
    } catch (IOException e) {
      throw new ImageException(
          "Could not make a runtime image of '%s': %s".formatted(base, e.getMessage()), e);
    } finally {
      lock.unlock();
    }
  }

  private String found(String base) throws IOException {
    DockerImages.Found image = present(base);
    refuseOtherMachines(base, image);
    String key =
        new ContentHash()
            .text(image.id())
            .text(java.key())
            .text(engine.hash())
            .text(testing.hash())
            .text(ImageContext.RECIPE)
            .abbreviated();
    String tag = "pipewright/runtime:" + key;
    Optional<DockerImages.Found> known = docker.find(tag);
    return known.isPresent() ? known.get().id() : made(base, image, tag);
  }

  private DockerImages.Found present(String base) throws IOException {
    Optional<DockerImages.Found> local = docker.find(base);
    if (local.isPresent()) {
      return local.get();
    }
    docker.pull(base);
    return docker.find(base).orElseThrow(() -> new IOException("it was pulled, but is not here"));
  }

  private static void refuseOtherMachines(String base, DockerImages.Found image) {
    String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    String ours = machine.equals("aarch64") ? "arm64" : machine;
    if (!image.architecture().equals(ours)) {
      throw new ImageException(
          "The image '%s' is for %s machines, but this one is %s. Use an image for %s."
              .formatted(base, image.architecture(), ours, ours),
          null);
    }
  }

  private String made(String base, DockerImages.Found image, String tag) throws IOException {
    Path context = Files.createTempFile(Files.createDirectories(folder), "context-", ".tar");
    try {
      new ImageContext(image.id(), image.user(), java.folder(), engine.jars(), testing.jars())
          .write(context);
      Map<String, String> labels =
          Map.of("dev.pipewright.runtime", "true", "dev.pipewright.base", base);
      return switch (docker.build(context, tag, labels)) {
        case DockerImages.Made made -> {
          log.atInfo().addKeyValue("base", base).addKeyValue("image", tag).log("Image was made");
          yield made.id();
        }
        case DockerImages.NotMade(String error, String output) ->
            throw new ImageException(
                "The image '%s' cannot be used: %s".formatted(base, reason(error, output)), null);
      };
    } finally {
      Files.deleteIfExists(context);
    }
  }

  /** Why a base was refused, from what the preparation printed. */
  static String reason(String error, String output) {
    for (String line : (Iterable<String>) output.lines()::iterator) {
      if (line.startsWith("refused: ")) {
        return line.substring("refused: ".length());
      }
    }
    if ((error + output).contains("no such file or directory") && !output.contains("Warmed up")) {
      return "it has no /bin/sh, which the engine and steps need. Use an image with a shell.";
    }
    return "the engine does not run in it. " + shortened(error.strip()) + " " + tail(output);
  }

  private static String tail(String output) {
    String text = output.replaceAll("\u001b\\[[0-9;]*m", "").strip();
    return text.length() <= SHOWN ? text : "…" + text.substring(text.length() - SHOWN);
  }

  private static String shortened(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }

  /** Ends the connection to the daemon. */
  @Override
  public void close() {
    try {
      docker.close();
    } catch (IOException e) {
      log.atDebug().setCause(e).log("Docker connection did not close well");
    }
  }
}
