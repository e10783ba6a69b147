package dev.pipewright.builder;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * What a Builder needs to know.
 *
 * @param data the folder for mirrors, Java runtimes and caches; made if missing
 * @param server the State-Controller, for asking whom a run token belongs to
 * @param engineClassPath the jars (or folders of classes) of the engine, in order
 * @param javaHome the JDK that compiles and whose runtime goes into images
 * @param localRepositories whether sources may be repositories on this machine's disk
 * @param versionsAtOnce how many version requests are worked on at the same time
 * @param dockerHost the Docker daemon, such as {@code unix:///var/run/docker.sock}; empty for
 *     Docker's own defaults
 */
public record BuilderConfig(
    Path data,
    URI server,
    List<Path> engineClassPath,
    Path javaHome,
    boolean localRepositories,
    int versionsAtOnce,
    String dockerHost) {

  /** How many version requests are worked on at the same time, unless configured. */
  public static final int VERSIONS_AT_ONCE = 32;

  public BuilderConfig {
    engineClassPath = List.copyOf(engineClassPath);
    if (versionsAtOnce < 1) {
      throw new IllegalArgumentException(
          "A Builder works on at least 1 version at a time, not " + versionsAtOnce + ".");
    }
  }

  /** A configuration with the defaults: local repositories allowed, Docker where it usually is. */
  public static BuilderConfig of(Path data, URI server, List<Path> engineClassPath, Path javaHome) {
    return new BuilderConfig(data, server, engineClassPath, javaHome, true, VERSIONS_AT_ONCE, "");
  }
}
