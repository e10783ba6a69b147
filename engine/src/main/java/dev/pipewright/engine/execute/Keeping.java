package dev.pipewright.engine.execute;

import dev.pipewright.engine.files.WorkspaceFiles;
import dev.pipewright.engine.work.Ending;
import dev.pipewright.protocol.run.Artifact;
import dev.pipewright.protocol.run.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Keeps the files a task asked for. Only regular files inside the workspace are kept; links are not
 * followed, so nothing outside can be reached.
 */
final class Keeping {
  private static final long MEBIBYTE = 1024L * 1024;
  private static final long LARGEST = 512 * MEBIBYTE;
  private static final int MOST = 1000;

  private Keeping() {}

  static Ending afterwards(Ending ending, StepRun execution, Scope scope) {
    List<String> globs = execution.step().node().modifiers().keeps();
    if (globs.isEmpty() || ending.outcome() == Outcome.CANCELLED) {
      return ending;
    }
    List<Artifact> kept = new ArrayList<>();
    try {
      WorkspaceFiles files = new WorkspaceFiles(scope.run().commands().workspace());
      Set<String> names = find(files, globs, execution);
      check(files, names, scope.run().surroundings().keeping());
      for (String name : names) {
        kept.add(scope.run().reporter().keep(name, files.resolve(name)));
      }
      execution.kept(kept);
      return ending;
    } catch (IOException e) {
      execution.kept(kept);
      String reason = "Could not keep files: " + e.getMessage();
      execution.log().line(reason);
      return ending.orWorse(Ending.errored(reason));
    }
  }

  private static Set<String> find(WorkspaceFiles files, List<String> globs, StepRun execution)
      throws IOException {
    Set<String> all = new TreeSet<>();
    for (String glob : globs) {
      Set<String> found = files.matching(glob);
      if (found.isEmpty()) {
        execution.log().line("No file matches " + glob + ", so none is kept.");
      }
      all.addAll(found);
    }
    if (all.size() > MOST) {
      throw new IOException("%d files match, but at most %d are kept.".formatted(all.size(), MOST));
    }
    return all;
  }

  /** Refuses all of them before any is sent: a part of the files would be of little use. */
  private static void check(WorkspaceFiles files, Set<String> names, Allowance allowance)
      throws IOException {
    long total = 0;
    for (String name : names) {
      Path file = files.resolve(name);
      long size = Files.size(file);
      if (size > LARGEST) {
        throw new IOException(
            "'%s' has %d MiB, but a file that is kept has at most %d MiB."
                .formatted(name, size / MEBIBYTE, LARGEST / MEBIBYTE));
      }
      total += size;
    }
    if (!allowance.take(total)) {
      throw new IOException(
          "%d files with %d MiB do not fit any more: a run keeps at most %d MiB in all."
              .formatted(names.size(), total / MEBIBYTE, allowance.limit() / MEBIBYTE));
    }
  }
}
