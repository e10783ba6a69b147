package dev.pipewright.e2e;

import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.run.RunSnapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The engines a server has started as processes of this machine. */
final class Engines {
  private final String mark;

  /** Those that were told to report to {@code address}. */
  Engines(String address) {
    this.mark = "PIPEWRIGHT_SERVER=" + address;
  }

  static Engines of(ServerProcess server) {
    return new Engines("http://127.0.0.1:" + server.port());
  }

  /** The JVMs of a run's engines. */
  List<ProcessHandle> of(RunSnapshot run) {
    return all("PIPEWRIGHT_RUN=" + run.id());
  }

  /** The JVMs of all engines. */
  List<ProcessHandle> all() {
    return all("PIPEWRIGHT_RUN_TOKEN=");
  }

  private List<ProcessHandle> all(String variable) {
    return ProcessHandle.allProcesses()
        .filter(process -> read(process, "cmdline").contains("dev.pipewright.engine.EngineMain\0"))
        .filter(process -> read(process, "cmdline").startsWith("/"))
        .filter(process -> read(process, "environ").contains(mark + "\0"))
        .filter(process -> read(process, "environ").contains(variable))
        .toList();
  }

  /** Kills the one engine of a run with SIGKILL and waits until it is gone. */
  void kill(RunSnapshot run) {
    await().atMost(Duration.ofMinutes(1)).until(() -> of(run).size() == 1);
    ProcessHandle engine = of(run).getFirst();
    engine.destroyForcibly();
    await().atMost(Duration.ofMinutes(1)).until(() -> read(engine, "cmdline").isEmpty());
  }

  /** The run token a run's engine was given. */
  String token(RunSnapshot run) {
    return read(of(run).getFirst(), "environ")
        .lines()
        .flatMap(text -> List.of(text.split("\0", -1)).stream())
        .filter(entry -> entry.startsWith("PIPEWRIGHT_RUN_TOKEN="))
        .map(entry -> entry.substring(entry.indexOf('=') + 1))
        .findFirst()
        .orElseThrow();
  }

  private static String read(ProcessHandle process, String file) {
    try {
      Path path = Path.of("/proc", Long.toString(process.pid()), file);
      return new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
