package dev.pipewright.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Two Spawners, two Builders, one State-Controller and the pages, behind haproxy. */
final class Cluster implements FrontDoor, AutoCloseable {
  /** Each process by its name, and the address the documentation gives it. */
  private static final Map<String, String> ADDRESSES = addresses();

  private final Map<String, ServerProcess> processes;
  private final Haproxy haproxy;
  private final URI uri;

  private Cluster(Map<String, ServerProcess> processes, Haproxy haproxy, int port) {
    this.processes = processes;
    this.haproxy = haproxy;
    this.uri = URI.create("http://localhost:" + port);
  }

  private static Map<String, String> addresses() {
    Map<String, String> addresses = new LinkedHashMap<>();
    addresses.put("state", "10.0.0.1:8081");
    addresses.put("ui", "10.0.0.1:8082");
    addresses.put("builder1", "10.0.0.2:8083");
    addresses.put("builder2", "10.0.0.3:8083");
    addresses.put("spawner1", "10.0.0.2:8084");
    addresses.put("spawner2", "10.0.0.3:8084");
    return addresses;
  }

  /** Starts everything with the process launcher and waits until it is ready. */
  static Cluster start(Path folder) {
    return start(folder, ADDRESSES.keySet());
  }

  /** The same without anything that shows pages. */
  static Cluster startBlind(Path folder) {
    Set<String> names = new LinkedHashSet<>(ADDRESSES.keySet());
    names.remove("ui");
    return start(folder, names);
  }

  private static Cluster start(Path folder, Set<String> names) {
    int port = ServerProcess.freePort();
    Path token = folder.resolve("service.token");
    Map<String, Integer> ports = new HashMap<>();
    Map<String, String> places = new HashMap<>();
    ADDRESSES.forEach(
        (name, address) -> {
          ports.put(name, ServerProcess.freePort());
          places.put(address, "127.0.0.1:" + ports.get(name));
        });
    Map<String, ServerProcess> processes = new HashMap<>();
    Haproxy haproxy = null;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Files.writeString(token, "the-token-of-the-services\n");
      haproxy = Haproxy.start(folder, port, places);
      Map<String, Future<ServerProcess>> starting = new LinkedHashMap<>();
      for (String name : names) {
        int own = ports.getOrDefault(name, 0);
        Map<String, String> settings = settings(name, port, token);
        starting.put(
            name,
            threads.submit(
                () -> ServerProcess.start(folder.resolve(name), own, "process", settings)));
      }
      for (Map.Entry<String, Future<ServerProcess>> one : starting.entrySet()) {
        processes.put(one.getKey(), one.getValue().get());
      }
      return new Cluster(processes, haproxy, port);
    } catch (IOException | ExecutionException e) {
      stop(processes, haproxy);
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      stop(processes, haproxy);
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void stop(Map<String, ServerProcess> processes, @Nullable Haproxy haproxy) {
    if (haproxy != null) {
      haproxy.close();
    }
    processes.values().forEach(ServerProcess::close);
  }

  private static Map<String, String> settings(String name, int port, Path token) {
    String component = name.replaceAll("[0-9]", "");
    Map<String, String> settings = new HashMap<>();
    settings.put("PIPEWRIGHT_ONLY", component);
    settings.put("PIPEWRIGHT_SERVICE_TOKEN_FILE", token.toString());
    // Processes that live for seconds only are not worth the better code.
    settings.put("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1");
    if (!component.equals("state")) {
      settings.put("PIPEWRIGHT_STATE", "http://localhost:" + port);
    }
    return settings;
  }

  @Override
  public URI uri() {
    return uri;
  }

  /** The names of all processes but the pages, which keep nothing. */
  List<String> workers() {
    return ADDRESSES.keySet().stream().filter(name -> !name.equals("ui")).toList();
  }

  /** The process {@code state}, {@code ui}, {@code builder1}, {@code spawner2} and so on. */
  ServerProcess process(String name) {
    ServerProcess process = processes.get(name);
    if (process == null) {
      throw new IllegalArgumentException(name);
    }
    return process;
  }

  /** What a process has logged in all its lives. */
  String log(String name) {
    try {
      return Files.readString(process(name).data().resolve("server.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    stop(processes, haproxy);
  }
}
