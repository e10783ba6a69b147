package dev.pipewright.builder.meta;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineCompilerIT {
  private Path sources;
  private Path classes;

  @BeforeEach
  void folders(@TempDir Path temporary) throws IOException {
    sources = Files.createDirectories(temporary.resolve("sources"));
    classes = temporary.resolve("classes");
  }

  private Compilation compile(String file, String code) throws IOException {
    Path path = sources.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, code);
    return new PipelineCompiler().compile(sources, classes);
  }

  @Test
  void compilesPipelinesAgainstTheLanguage() throws IOException {
    Compilation done = compile("ShopPipeline.java", Code.SHOP);
    assertThat(done.problems()).isEmpty();
    assertThat(classes.resolve("ShopPipeline.class")).exists();
  }

  @Test
  void tellsFileLineAndMessageOfEveryError() throws IOException {
    compile("A.java", "class A {\n  int x = \"text\";\n}\n");
    Compilation done = compile("b/B.java", "package b;\n\nclass B extends Missing {}\n");
    assertThat(done.problems())
        .extracting(CompileProblem::toString)
        .satisfiesExactlyInAnyOrder(
            first -> assertThat(first).startsWith("A.java:2: incompatible types"),
            second -> assertThat(second).startsWith("b/B.java:3: cannot find symbol"));
  }

  @Test
  void executesNothingOfTheCode() throws IOException {
    Path marker = sources.resolveSibling("executed");
    String processor =
        """
        public class Evil extends javax.annotation.processing.AbstractProcessor {
          static { new java.io.File("%s").mkdir(); }
          public boolean process(
              java.util.Set<? extends javax.lang.model.element.TypeElement> types,
              javax.annotation.processing.RoundEnvironment round) { return false; }
        }
        """
            .formatted(marker);
    Path service = sources.resolve("META-INF/services/javax.annotation.processing.Processor");
    Files.createDirectories(service.getParent());
    Files.writeString(service, "Evil\n");
    compile("Evil.java", processor);
    compile("Evil.java", processor);
    assertThat(classes.resolve("Evil.class")).exists();
    assertThat(marker).doesNotExist();
  }

  @Test
  void leavesOutTestsAndHiddenFoldersAndCountsTheTests() throws IOException {
    compile("ShopPipeline.java", Code.SHOP);
    compile(".runs/Old.java", "nonsense");
    Compilation done = compile("ShopPipelineTest.java", "nonsense");
    assertThat(done.problems()).isEmpty();
    assertThat(done.sources()).isEqualTo(1);
    assertThat(done.tests()).isEqualTo(1);
  }

  @Test
  void aLineThatNamesNoLibraryIsAProblem() throws IOException {
    Compilation done = compile("A.java", "// a\n//DEPS org.example:lib\nclass A {}\n");
    assertThat(done.problems())
        .singleElement()
        .asString()
        .startsWith("A.java:2: A library is named like org.example:library:1.2");
  }
}
