package dev.pipewright.author;

import static dev.pipewright.protocol.run.Outcome.FAILED;
import static dev.pipewright.protocol.run.Outcome.SUCCEEDED;
import static dev.pipewright.test.Person.by;
import static dev.pipewright.test.Script.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.dsl.PipelineDefinition;
import dev.pipewright.test.PipelineTester;
import dev.pipewright.test.TestedRun;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pipelines of the examples and that of Pipewright itself, compiled as a server does it. */
final class AuthorsPipelinesTest {
  private static final Path ROOT = Path.of("..");

  private final Path classes;

  AuthorsPipelinesTest(@TempDir Path classes) {
    this.classes = classes;
  }

  private PipelineTester pipeline(String folder, String name) throws Exception {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Path code = ROOT.resolve(folder).resolve(".pipewright");
    try (Stream<Path> files = Files.list(code);
        StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      List<Path> sources =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> !file.toString().endsWith("Test.java"))
              .toList();
      Iterable<? extends JavaFileObject> units = manager.getJavaFileObjectsFromPaths(sources);
      List<String> options =
          List.of(
              "-proc:none", "-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
      assertThat(compiler.getTask(null, manager, null, options, null, units).call()).isTrue();
    }
    URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()});
    return PipelineTester.of(
        (PipelineDefinition) loader.loadClass(name).getDeclaredConstructor().newInstance());
  }

  private static void survivesEverything(PipelineTester tester) {
    assertThat(tester.crashAtEveryEvent().places()).isGreaterThan(20);
    tester.crashTwiceAtEveryEvent();
  }

  @Test
  void helloSurvivesEverything() throws Exception {
    PipelineTester hello =
        pipeline("examples/hello", "HelloPipeline").command("cat VERSION", prints("1.0"));

    hello.run().assertOutcome(SUCCEEDED).assertLog("announce", "greet 1.0 is ready");
    hello.onBranch("topic").run().assertOutcome(SUCCEEDED).assertSkipped("announce");
    survivesEverything(hello);
  }

  @Test
  void greeterSurvivesEverything() throws Exception {
    PipelineTester greeter =
        pipeline("examples/greeter", "GreeterPipeline")
            .command("sed -n", prints("2.0"))
            .command("mvn -B -q verify", writes("target/greeter-2.0.jar", "bytes"));

    greeter.run().assertOutcome(SUCCEEDED).assertArtifact("target/greeter-2.0.jar");
    survivesEverything(greeter);
  }

  @Test
  void rolloutSurvivesEverything() throws Exception {
    PipelineTester rollout =
        pipeline("examples/rollout", "RolloutPipeline")
            .secret("DEPLOY_KEY", "sesame!")
            .command("cat VERSION", prints("3.1"))
            .command("cat regions.txt", prints("north\nsouth"))
            .approve("ship", by("ann"));

    rollout
        .run()
        .assertOutcome(SUCCEEDED)
        .assertOrder("ship", "regions/north/deploy", "regions/south/deploy", "announce");
    TestedRun broken =
        rollout.step("regions/north/deploy", fails("no room")).run().assertOutcome(FAILED);
    assertThat(broken.outcome("regions/south/deploy")).isNotEqualTo(broken.outcome("ship"));
    survivesEverything(rollout);
  }

  @Test
  void pipewrightItselfSurvivesEverything() throws Exception {
    PipelineTester itself = pipeline(".", "PipewrightPipeline").command("sed -n", prints("0.1.0"));

    itself.run().assertOutcome(SUCCEEDED).assertLog("say so", "Pipewright 0.1.0 is verified");
    survivesEverything(itself);
  }
}
