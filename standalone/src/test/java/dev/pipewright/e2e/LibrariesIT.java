package dev.pipewright.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A library of a {@code //DEPS} line on its whole way, from a Maven repository over HTTP. */
class LibrariesIT {
  private static final String CODE =
      """
      //DEPS org.example:greeting:1.0
      import static dev.pipewright.dsl.Pipelines.pipeline;
      import static dev.pipewright.dsl.Steps.*;
      import static dev.pipewright.dsl.Triggers.*;
      import dev.pipewright.dsl.*;

      public final class ShopPipeline implements PipelineDefinition {
        public Pipeline define() {
          return pipeline("shop").startedBy(manually()).runs(
              step("greet", step -> step.sh("echo said " + org.example.Greeting.text())));
        }
      }
      """;

  @TempDir private Path folder;
  private Path project;
  private Path repository;

  @BeforeEach
  void makeFolders() throws IOException {
    project = Files.createDirectories(folder.resolve("project"));
    repository = Files.createDirectories(folder.resolve("repository"));
  }

  @Test
  void aLockedLibraryIsUsedWithoutTheRepositoryAndAChangedOneRefused() throws Exception {
    Path code = Files.createDirectories(project.resolve(".pipewright"));
    Files.writeString(code.resolve("ShopPipeline.java"), CODE);
    publish("hello");
    HttpServer server =
        SimpleFileServer.createFileServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            repository,
            SimpleFileServer.OutputLevel.NONE);
    server.start();
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    try {
      assertThat(pipewright(url, "first", "check", "--lock")).contains("deps.lock with 1 jars");
      assertThat(code.resolve("deps.lock")).content().contains("org.example:greeting:1.0");
      Path locked = project;
      project = folder.resolve("clone");
      for (String file : List.of("ShopPipeline.java", "deps.lock")) {
        Path copy = project.resolve(".pipewright").resolve(file);
        Files.createDirectories(copy.getParent());
        Files.copy(code.resolve(file), copy);
      }
      publish("changed");
      assertThat(pipewright(url, "second", "run"))
          .contains("org.example:greeting:1.0 is not the file that deps.lock names")
          .doesNotContain("said");
      project = locked;
    } finally {
      server.stop(0);
    }
    assertThat(pipewright(url, "first", "run")).contains("said hello").contains("SUCCEEDED");
  }

  /** Calls the command as a user with a home, and so a local repository, of their own. */
  private String pipewright(String url, String user, String command, String... options)
      throws IOException, InterruptedException {
    List<String> line = ServerProcess.command(command);
    line.add(1, "-Duser.home=" + Files.createDirectories(folder.resolve(user)));
    line.addAll(List.of("--dir", project.toString()));
    line.addAll(List.of(options));
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.environment().put("PIPEWRIGHT_MAVEN_REPOSITORY", url);
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return output;
  }

  /** Puts the library with a class that says {@code text} into the repository. */
  private void publish(String text) throws Exception {
    Path sources = Files.createTempDirectory(folder, "library-");
    Path file =
        Files.writeString(
            sources.resolve("Greeting.java"),
            "package org.example; public class Greeting { public static String text() { return \"%s\"; } }"
                .formatted(text));
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-d", sources.toString(), file.toString()))
        .isZero();
    ByteArrayOutputStream jar = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(jar)) {
      zip.putNextEntry(new ZipEntry("org/example/Greeting.class"));
      zip.write(Files.readAllBytes(sources.resolve("org/example/Greeting.class")));
    }
    put("greeting-1.0.jar", jar.toByteArray());
    put(
        "greeting-1.0.pom",
        """
        <project><modelVersion>4.0.0</modelVersion><groupId>org.example</groupId>
        <artifactId>greeting</artifactId><version>1.0</version></project>
        """
            .getBytes(StandardCharsets.UTF_8));
  }

  /** With its checksum, without which nothing is believed. */
  private void put(String file, byte[] content) throws Exception {
    Path place = Files.createDirectories(repository.resolve("org/example/greeting/1.0"));
    Files.write(place.resolve(file), content);
    byte[] sum = MessageDigest.getInstance("SHA-1").digest(content);
    Files.writeString(place.resolve(file + ".sha1"), HexFormat.of().formatHex(sum));
  }
}
