package dev.pipewright.test.gate;

import dev.pipewright.protocol.json.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs compiled tests with JUnit. Prints a line for each test, and writes a report in JUnit's form
 * and, if any failed, the reasons. What the tests themselves print goes to the error output. Exit
 * code 20 if all passed, 21 if one failed, 22 if there is none: numbers that a test which ends the
 * process will hardly choose.
 */
public final class TestsMain {
  private static final int PASSED = 20;
  private static final int FAILED = 21;
  private static final int NONE = 22;
  private static final int MISUSED = 2;

  private TestsMain() {}

  /**
   * Runs the tests.
   *
   * @param args the folder with the classes of the tests, which is on the class path, too, and the
   *     folder for the report
   * @throws IOException if the report cannot be written
   */
  public static void main(String[] args) throws IOException {
    if (args.length != 2) {
      System.err.println("Name the folder with the tests, and the folder for their report.");
      System.exit(MISUSED);
    }
    PrintStream out = System.out;
    System.setOut(System.err);
    int exitCode = run(Path.of(args[0]), Path.of(args[1]), out);
    out.flush();
    System.err.flush();
    Runtime.getRuntime().halt(exitCode);
  }

  private static int run(Path tests, Path report, PrintStream out) throws IOException {
    TestRecord results = new TestRecord(out::println);
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(DiscoverySelectors.selectClasspathRoots(Set.of(tests)))
            .build();
    try (LauncherSession session = LauncherFactory.openSession()) {
      session.getLauncher().execute(request, results);
    }
    if (results.total() == 0) {
      return NONE;
    }
    out.println(results.summary());
    Files.write(report.resolve("TEST-pipelines.xml"), JUnitReport.of(results.cases()));
    if (results.failed() == 0) {
      return PASSED;
    }
    Files.write(report.resolve("failures.json"), Json.bytes(results.failures()));
    return FAILED;
  }
}
