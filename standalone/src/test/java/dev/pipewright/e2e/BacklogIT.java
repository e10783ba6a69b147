package dev.pipewright.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a server finds that was away for long while a forge was not. {@code
 * -Dbacklog.deliveries=10000} makes it a long absence; docs/benchmarks.md has the command.
 */
class BacklogIT {
  private static final int DELIVERIES = Integer.getInteger("backlog.deliveries", 800);
  private static final String HEAP = "-Xmx256m";

  @TempDir Path folder;

  @Test
  void whatWasQueuedWhenAServerDiedIsWorkedOffInItsOrderWithinBoundedMemory() throws Exception {
    Ended filled = run("fill");
    assertThat(filled.exitCode()).as(filled.output()).isEqualTo(9);

    Ended drained = run("drain");

    assertThat(drained.output()).contains("DRAINED " + DELIVERIES);
    assertThat(drained.exitCode()).as(drained.output()).isZero();
    System.out.println(
        drained.output().lines().filter(line -> line.startsWith("DRAINED")).findFirst().orElse(""));
  }

  private record Ended(int exitCode, String output) {}

  private Ended run(String what) throws Exception {
    Process process =
        new ProcessBuilder(
                Stream.of(
                        List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()),
                        List.of("-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", HEAP),
                        List.of("--enable-native-access=ALL-UNNAMED"),
                        List.of("--sun-misc-unsafe-memory-access=allow"),
                        List.of("-cp", System.getProperty("java.class.path")),
                        List.of("dev.pipewright.e2e.Backlog", what),
                        List.of(folder.toString(), Integer.toString(DELIVERIES)))
                    .flatMap(List::stream)
                    .toList())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(1, TimeUnit.MINUTES)) {
      process.destroyForcibly();
    }
    return new Ended(process.exitValue(), output);
  }
}
