package dev.pipewright.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.engine.load.Bundle;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleTest {
  @TempDir Path folder;

  private Path bundle(String... names) throws IOException {
    Path jar = folder.resolve("bundle.jar");
    try (OutputStream out = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (String name : names) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(name.getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
      }
    }
    return jar;
  }

  @Test
  void librariesAreUnpackedInOrderAndGoneAfterwards() throws IOException {
    Path jar =
        bundle("A.class", "libraries/001-b.jar", "libraries/000-a.jar", "libraries/x/../../c");
    List<Path> classPath;
    try (Bundle bundle = Bundle.open(jar)) {
      classPath = bundle.classPath();
      assertThat(classPath)
          .extracting(path -> path.getFileName().toString())
          .containsExactly("bundle.jar", "000-a.jar", "001-b.jar");
      assertThat(classPath.get(1)).hasContent("libraries/000-a.jar");
    }
    assertThat(classPath.get(0)).exists();
    assertThat(classPath.get(1).getParent()).doesNotExist();
  }

  @Test
  void aBundleWithoutLibrariesIsUsedAsItIs() throws IOException {
    try (Bundle bundle = Bundle.open(bundle("A.class"))) {
      assertThat(bundle.classPath()).containsExactly(folder.resolve("bundle.jar"));
    }
  }
}
