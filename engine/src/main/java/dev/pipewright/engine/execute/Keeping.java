package dev.pipewright.engine.execute;

import dev.pipewright.engine.work.Ending;
import dev.pipewright.protocol.GlobPattern;
import dev.pipewright.protocol.run.Artifact;
import dev.pipewright.protocol.run.Outcome;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Keeps the files a task asked for. Only regular files inside the workspace are kept; links are not
 * followed, so nothing outside can be reached.
 */
final class Keeping {
  private static final long LIMIT = 512L * 1024 * 1024;
  private static final int MOST = 1000;

  private Keeping() {}

  static Ending afterwards(Ending ending, StepRun execution, Scope scope) {
    List<String> globs = execution.step().node().modifiers().keeps();
    if (globs.isEmpty() || ending.outcome() == Outcome.CANCELLED) {
      return ending;
    }
    List<Artifact> kept = new ArrayList<>();
    try {
      Path workspace = scope.run().commands().workspace().toRealPath();
      for (String name : find(workspace, globs, execution)) {
        Path file = workspace.resolve(name);
        if (Files.size(file) > LIMIT) {
          throw new IOException("'" + name + "' is larger than 512 MiB.");
        }
        kept.add(scope.run().reporter().keep(name, file));
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

  private static Set<String> find(Path workspace, List<String> globs, StepRun execution)
      throws IOException {
    Set<String> all = new TreeSet<>();
    for (String glob : globs) {
      Set<String> found = matches(workspace, new GlobPattern(glob));
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

  private static Set<String> matches(Path workspace, GlobPattern glob) throws IOException {
    Set<String> found = new TreeSet<>();
    Files.walkFileTree(
        workspace,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            boolean git = folder.endsWith(".git");
            return git ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = workspace.relativize(file).toString();
            if (attributes.isRegularFile() && glob.matches(name)) {
              found.add(name);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }
}
