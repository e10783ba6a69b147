package dev.pipewright.e2e;

import static dev.pipewright.e2e.Figures.millisSince;
import static dev.pipewright.e2e.Figures.print;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The history that is measured: {@code -Dhistory.pipelines=} and {@code -Dhistory.runs=} say how
 * long it is, and {@code -Dhistory.folder=DIR} keeps it for the next time.
 */
final class LongHistory {
  static final int PIPELINES = Integer.getInteger("history.pipelines", 1000);
  static final int RUNS = Integer.getInteger("history.runs", 100_000);

  private LongHistory() {}

  /** A data folder with such a history, below {@code folder} unless another one is named. */
  static Path in(Path folder, int pipelines, int runs) throws IOException {
    String kept = System.getProperty("history.folder");
    Path data =
        (kept == null ? folder : Path.of(kept)).resolve("history-" + pipelines + "-" + runs);
    if (Files.notExists(data)) {
      long start = System.nanoTime();
      Path part =
          data.resolveSibling(data.getFileName() + ".part-" + ProcessHandle.current().pid());
      HistoryGenerator.fill(part, pipelines, runs);
      Files.move(part, data);
      print("making a history of %,d runs, s".formatted(runs), millisSince(start) / 1000);
    }
    return data;
  }
}
