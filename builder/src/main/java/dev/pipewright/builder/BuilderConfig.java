package dev.pipewright.builder;

import dev.pipewright.builder.image.EngineJars;
import dev.pipewright.builder.image.ImageRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a Builder needs to know.
 *
 * @param data the folder for mirrors, Java runtimes and caches; made if missing
 * @param server the State-Controller, for asking whom a run token belongs to
 * @param jars what the engine is made of
 * @param javaHome the JDK that compiles and whose runtime goes into images
 * @param localRepositories whether sources may be repositories on this machine's disk
 * @param versionsAtOnce how many version requests are worked on at the same time
 * @param libraries the Maven repository of libraries; null for Maven's own default
 * @param dockerHost the Docker daemon, such as {@code unix:///var/run/docker.sock}; empty for
 *     Docker's own defaults
 * @param registry where runtime images are pushed for other machines; null if only this daemon's
 *     machine runs them
 * @param cleanEvery how long between two cleanings; zero for none
 */
public record BuilderConfig(
    Path data,
    URI server,
    EngineJars jars,
    Path javaHome,
    boolean localRepositories,
    int versionsAtOnce,
    @Nullable String libraries,
    String dockerHost,
    @Nullable ImageRegistry registry,
    Duration cleanEvery) {

  /** How long between two cleanings, unless configured. */
  private static final Duration CLEAN_EVERY = Duration.ofHours(6);

  /** How many version requests are worked on at the same time, unless configured. */
  public static final int VERSIONS_AT_ONCE = 32;

  public BuilderConfig {
    if (versionsAtOnce < 1) {
      throw new IllegalArgumentException(
          "A Builder works on at least 1 version at a time, not " + versionsAtOnce + ".");
    }
  }

  /** The same with another repository of libraries. */
  public BuilderConfig withLibraries(@Nullable String repository) {
    return new BuilderConfig(
        data,
        server,
        jars,
        javaHome,
        localRepositories,
        versionsAtOnce,
        repository,
        dockerHost,
        registry,
        cleanEvery);
  }

  /** The same with a registry for runtime images. */
  public BuilderConfig withRegistry(@Nullable ImageRegistry place) {
    return new BuilderConfig(
        data,
        server,
        jars,
        javaHome,
        localRepositories,
        versionsAtOnce,
        libraries,
        dockerHost,
        place,
        cleanEvery);
  }

  /** The same with another time between two cleanings. */
  public BuilderConfig withCleaning(Duration every) {
    return new BuilderConfig(
        data,
        server,
        jars,
        javaHome,
        localRepositories,
        versionsAtOnce,
        libraries,
        dockerHost,
        registry,
        every);
  }

  /** A configuration with the defaults: local repositories allowed, Docker where it usually is. */
  public static BuilderConfig of(Path data, URI server, EngineJars jars, Path javaHome) {
    return new BuilderConfig(
        data, server, jars, javaHome, true, VERSIONS_AT_ONCE, null, "", null, CLEAN_EVERY);
  }
}
