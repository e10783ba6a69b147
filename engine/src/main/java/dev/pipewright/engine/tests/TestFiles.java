package dev.pipewright.engine.tests;

import dev.pipewright.engine.files.WorkspaceFiles;
import dev.pipewright.engine.log.Mask;
import dev.pipewright.protocol.run.TestReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads all test reports of a step. What cannot be read is said and passed over. Confined to one
 * step.
 */
public final class TestFiles {
  private static final long LARGEST = 50L * 1024 * 1024;
  private static final int MOST = 10_000;
  private static final int NAMED = 20;

  private final WorkspaceFiles files;
  private final Consumer<String> log;
  private int broken;

  /**
   * Reports in a workspace.
   *
   * @param log is told in words what could not be read
   */
  public TestFiles(WorkspaceFiles files, Consumer<String> log) {
    this.files = files;
    this.log = log;
  }

  /**
   * Reads every report that matches one of the patterns.
   *
   * @return all their tests without secrets; null if no file matches
   * @throws IOException if the workspace cannot be read
   */
  public @Nullable TestReport read(List<String> globs, Mask mask) throws IOException {
    TreeSet<String> names = new TreeSet<>();
    for (String glob : globs) {
      var found = files.matching(glob);
      if (found.isEmpty()) {
        log.accept("No file matches " + glob + ", so there are no test results of it.");
      }
      names.addAll(found);
    }
    if (names.isEmpty()) {
      return null;
    }
    if (names.size() > MOST) {
      log.accept("%d test reports match; %d of them are read.".formatted(names.size(), MOST));
    }
    ReportBuilder report = new ReportBuilder(mask::text);
    names.stream().limit(MOST).forEach(name -> read(name, report));
    if (broken > NAMED) {
      log.accept("%d more test reports could not be read.".formatted(broken - NAMED));
    }
    return report.report();
  }

  private void read(String name, ReportBuilder report) {
    Path file = files.resolve(name);
    try {
      if (Files.size(file) > LARGEST) {
        refuse(name, "it is larger than 50 MiB");
      } else {
        JUnitXml.read(file, report::add);
      }
    } catch (BrokenReportException | IOException e) {
      refuse(name, String.valueOf(e.getMessage()));
    }
  }

  private void refuse(String name, String why) {
    if (++broken <= NAMED) {
      log.accept("The test report %s could not be read: %s".formatted(name, why));
    }
  }
}
