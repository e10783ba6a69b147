package dev.pipewright.author;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the language promises to refuse at compile time, with the message the author reads. */
final class WrongPipelinesDoNotCompileTest {
  private final Path classes;

  WrongPipelinesDoNotCompileTest(@TempDir Path classes) {
    this.classes = classes;
  }

  @Test
  void aRightPipelineCompiles() {
    assertThat(errors("pipeline(\"p\").startedBy(manually()).runs(sh(\"a\", \"true\"))")).isEmpty();
  }

  @Test
  void aPipelineNeedsSteps() {
    assertThat(errors("pipeline(\"p\").startedBy(manually()).runs()")).contains("runs");
  }

  @Test
  void aPipelineNeedsTriggersBeforeSteps() {
    assertThat(errors("pipeline(\"p\").runs(sh(\"a\", \"true\"))")).contains("NamedPipeline");
  }

  @Test
  void aStepIsNotATrigger() {
    assertThat(errors("pipeline(\"p\").startedBy(sh(\"a\", \"b\")).runs(sh(\"a\", \"b\"))"))
        .contains("Task", "Trigger");
  }

  @Test
  void parallelNeedsTwo() {
    assertThat(errors(running("inParallel(sh(\"a\", \"true\"))"))).contains("differ in length");
  }

  @Test
  void anOutputTakesOnlyItsType() {
    assertThat(errors(running("step(\"a\", s -> s.set(Output.text(\"t\"), 7))"))).isNotEmpty();
    assertThat(errors(running("step(\"a\", s -> s.set(Output.text(\"t\"), \"7\"))"))).isEmpty();
  }

  @Test
  void outputsAreTextOrRecords() {
    assertThat(errors(running("step(\"a\", s -> s.get(Output.of(\"t\", Thread.class)))")))
        .contains("Record");
  }

  @Test
  void anApprovalHasNoImage() {
    assertThat(errors(running("approval(\"a\").image(\"x\")"))).contains("Approval");
  }

  @Test
  void aDownstreamRunTakesTextOnly() {
    assertThat(errors(running("trigger(\"a\").parameter(\"x\", Output.text(\"t\"))"))).isEmpty();
    assertThat(errors(running("trigger(\"a\").parameter(\"x\", 7)"))).isNotEmpty();
  }

  @Test
  void aParameterHasTheTypeOfItsKind() {
    assertThat(errors(running("approval(\"a\").takes(Parameter.bool(\"b\").byDefault(true))")))
        .isEmpty();
    assertThat(errors(running("approval(\"a\").takes(Parameter.bool(\"b\").byDefault(\"x\"))")))
        .contains("Boolean");
    assertThat(errors(running("approval(\"a\").takes()"))).contains("takes");
  }

  private static String running(String step) {
    return "pipeline(\"p\").startedBy(manually()).runs(" + step + ")";
  }

  private String errors(String expression) {
    String source =
        """
        import dev.pipewright.dsl.*;
        import static dev.pipewright.dsl.Pipelines.pipeline;
        import static dev.pipewright.dsl.Steps.*;
        import static dev.pipewright.dsl.Triggers.*;
        public final class Wrong implements PipelineDefinition {
          public Pipeline define() { return %s; }
        }
        """
            .formatted(expression);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    JavaFileObject file =
        new SimpleJavaFileObject(URI.create("mem:///Wrong.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    List<String> options =
        List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
    compiler.getTask(null, null, found, options, null, List.of(file)).call();
    StringBuilder text = new StringBuilder();
    found.getDiagnostics().forEach(each -> text.append(each.getMessage(Locale.ROOT)).append('\n'));
    return text.toString();
  }
}
