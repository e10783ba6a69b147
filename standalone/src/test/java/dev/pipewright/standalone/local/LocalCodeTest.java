package dev.pipewright.standalone.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.builder.meta.PipelineCompiler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalCodeTest {
  @TempDir Path folder;

  @BeforeEach
  void code() throws IOException {
    Path code = Files.createDirectories(folder.resolve("project/.pipewright"));
    Files.writeString(code.resolve("Nothing.java"), "class Nothing { int one = 1; }");
  }

  @Test
  void unchangedCodeIsCompiledOnce() throws IOException {
    List<Path> first = new LocalCode(folder.resolve("project")).compile();

    assertThat(new LocalCode(folder.resolve("project")).compile()).isEqualTo(first);
    assertThat(compiled()).hasSize(1);
  }

  @Test
  void codeIsCompiledAgainWhenItOrTheLanguageChanges() throws IOException {
    code(language("first"));
    Files.writeString(
        folder.resolve("project/.pipewright/Nothing.java"), "class Nothing { int two = 2; }");
    code(language("first"));
    code(language("second"));

    assertThat(compiled()).hasSize(3);
  }

  private void code(Path language) {
    Path project = folder.resolve("project");
    new LocalCode(project, project.resolve(LocalCode.FOLDER), new PipelineCompiler(language))
        .compile();
  }

  /** A jar in the place where an installation has its language. */
  private Path language(String content) throws IOException {
    Path jar = folder.resolve("language.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new ZipEntry(content));
    }
    return jar;
  }

  private List<Path> compiled() throws IOException {
    try (Stream<Path> all = Files.list(folder.resolve("project/.pipewright/.runs/classes"))) {
      return all.filter(each -> Files.exists(each.resolve("Nothing.class"))).toList();
    }
  }
}
