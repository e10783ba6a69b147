package dev.pipewright.standalone.local;

import dev.pipewright.standalone.CommandException;
import dev.pipewright.standalone.client.Texts;
import dev.pipewright.test.gate.TestRecord;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code pipewright test}: runs the tests beside the pipeline code. */
@Command(
    name = "test",
    description = {
      "Runs the tests of the pipeline code: the files .pipewright/*Test.java, with JUnit.",
      "Exit code: 0 all passed, 1 a test failed or there is none."
    },
    mixinStandardHelpOptions = true)
public final class TestCommand implements Callable<Integer> {
  private static final int LONGEST = 500;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "The project. Default: this folder.")
  private Path project = Path.of(".");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    LocalCode code = new LocalCode(project);
    List<Path> classes = code.compile();
    Path folder = code.project().resolve(LocalCode.FOLDER);
    try {
      TestCode tests = new TestCode(folder);
      if (tests.files().isEmpty()) {
        throw new CommandException(
            "There are no tests in " + folder + ". Write them into files named …Test.java.");
      }
      Path target = Files.createTempDirectory(code.state(), "tests-");
      try {
        tests.compile(classes, target);
        return run(classes, target, out);
      } finally {
        LocalCode.deleteQuietly(target);
      }
    } catch (IOException e) {
      throw new CommandException("Could not run the tests: " + e.getMessage());
    }
  }

  private static int run(List<Path> classes, Path tests, PrintWriter out) throws IOException {
    ClassLoader own = TestCommand.class.getClassLoader();
    URL[] places = new URL[1 + classes.size()];
    places[0] = tests.toUri().toURL();
    for (int i = 0; i < classes.size(); i++) {
      places[1 + i] = classes.get(i).toUri().toURL();
    }
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    TestRecord results =
        new TestRecord(
            line -> {
              out.println(Texts.line(line, LONGEST));
              out.flush();
            });
    try (URLClassLoader loader = new URLClassLoader("pipeline-tests", places, own)) {
      thread.setContextClassLoader(loader);
      LauncherDiscoveryRequest request =
          LauncherDiscoveryRequestBuilder.request()
              .selectors(DiscoverySelectors.selectClasspathRoots(Set.of(tests)))
              .build();
      try (LauncherSession session = LauncherFactory.openSession()) {
        session.getLauncher().execute(request, results);
      }
    } finally {
      thread.setContextClassLoader(before);
    }
    if (results.total() == 0) {
      throw new CommandException("There is no method marked with @Test in the tests.");
    }
    out.println(results.summary());
    return results.failed() == 0 ? 0 : 1;
  }
}
