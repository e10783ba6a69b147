package dev.pipewright.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The {@code docker} command, for what no program of ours does. */
public final class DockerCommand {
  private DockerCommand() {}

  /** What the command printed, whether or not it did as it was told. */
  public static String docker(String... arguments) {
    List<String> line = new ArrayList<>(List.of("docker"));
    line.addAll(List.of(arguments));
    return run(line, "").output();
  }

  /** Builds an image of a Dockerfile that needs no other file. */
  public static void build(String name, String file) {
    Ended ended = run(List.of("docker", "build", "--quiet", "--tag", name, "-"), file);
    assertThat(ended.exitCode()).as(ended.output()).isZero();
  }

  /**
   * Logs in at the {@link LocalRegistry} that holds an image, in a configuration of its own; that
   * of this user is not touched.
   *
   * @return the folder of the configuration, for {@code --config}
   */
  public static String logIn(Path folder, String image) {
    String registry = image.substring(0, image.indexOf('/'));
    String config = folder.toString();
    String user = LocalRegistry.USER;
    String said =
        docker("--config", config, "login", "-u", user, "-p", LocalRegistry.PASSWORD, registry);
    assertThat(said).contains("Login Succeeded");
    return config;
  }

  private record Ended(int exitCode, String output) {}

  private static Ended run(List<String> line, String input) {
    try {
      Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
      try (OutputStream in = process.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      }
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Ended(process.onExit().join().exitValue(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
