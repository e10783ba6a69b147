package dev.pipewright.standalone.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The text of a first pipeline for a project, fitted to the build tool it uses. */
record StarterPipeline(String name, String command) {

  /** A pipeline name made of the name of a folder. */
  static String nameOf(String folder) {
    String name =
        folder.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
    return name.isEmpty() ? "app" : name;
  }

  /** The command that verifies the project in this folder. */
  static String commandFor(Path project) {
    if (Files.exists(project.resolve("mvnw"))) {
      return "./mvnw -B -q verify";
    }
    if (Files.exists(project.resolve("pom.xml"))) {
      return "mvn -B -q verify";
    }
    if (Files.exists(project.resolve("gradlew"))) {
      return "./gradlew build";
    }
    if (Files.exists(project.resolve("package.json"))) {
      return "npm ci && npm test";
    }
    if (Files.exists(project.resolve("Makefile"))) {
      return "make test";
    }
    return "echo 'replace this with the command that verifies your project'";
  }

  String className() {
    StringBuilder text = new StringBuilder();
    for (String word : name.split("-", -1)) {
      text.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
    }
    String joined = text.toString();
    return (Character.isJavaIdentifierStart(joined.charAt(0)) ? joined : "App" + joined)
        + "Pipeline";
  }

  String pipeline() {
    return """
        import static dev.pipewright.dsl.Pipelines.pipeline;
        import static dev.pipewright.dsl.Steps.*;
        import static dev.pipewright.dsl.Triggers.*;
        import static java.time.Duration.ofMinutes;

        import dev.pipewright.dsl.*;

        /** Verifies every push. */
        public final class CLASS implements PipelineDefinition {

          private static final Output<String> VERSION = Output.text("version");

          @Override
          public Pipeline define() {
            return pipeline("NAME")
                .startedBy(push(), manually())
                .runs(
                    checkout(),
                    step("read version", this::readVersion),
                    sh("verify", "COMMAND").timeout(ofMinutes(20)),
                    onBranch("main", step("announce", this::announce)));
          }

          private void readVersion(StepContext step) throws Exception {
            ShellResult head = step.sh("git rev-parse --quiet --verify --short HEAD");
            step.set(VERSION, head.succeeded() ? head.stdout().strip() : "what is not committed yet");
          }

          private void announce(StepContext step) throws Exception {
            step.log(step.get(VERSION) + " is verified");
          }
        }
        """
        .replace("CLASS", className())
        .replace("NAME", name)
        .replace("COMMAND", command);
  }

  String test() {
    return """
        import static dev.pipewright.protocol.run.Outcome.FAILED;
        import static dev.pipewright.protocol.run.Outcome.SUCCEEDED;
        import static dev.pipewright.test.Script.fails;
        import static dev.pipewright.test.Script.prints;

        import dev.pipewright.test.PipelineTester;
        import org.junit.jupiter.api.Test;

        /** Runs the pipeline without processes: commands do what is said here, or just succeed. */
        class CLASSTest {
          private final PipelineTester pipeline =
              PipelineTester.of(new CLASS())
                  .onBranch("main")
                  .command("git rev-parse", prints("4ad81c2"));

          @Test
          void whatReachesTheMainBranchIsVerifiedAndAnnounced() {
            pipeline
                .run()
                .assertOutcome(SUCCEEDED)
                .assertOrder("checkout", "read version", "verify", "announce")
                .assertLog("announce", "4ad81c2 is verified");
          }

          @Test
          void whatIsBrokenIsNotAnnounced() {
            pipeline
                .step("verify", fails("exit code 1"))
                .run()
                .assertOutcome(FAILED)
                .assertSkipped("announce");
          }

          @Test
          void aCrashLosesNothingAndRepeatsNothing() {
            pipeline.crashAtEveryEvent();
          }
        }
        """
        .replace("CLASS", className());
  }
}
