package dev.pipewright.engine.files;

import dev.pipewright.protocol.GlobPattern;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The regular files of a workspace. Links are not followed, so nothing outside can be reached;
 * folders named {@code .git} and what cannot be read are passed over. Immutable.
 */
public final class WorkspaceFiles {
  private final Path root;

  /**
   * The files of a workspace.
   *
   * @throws IOException if there is none
   */
  public WorkspaceFiles(Path workspace) throws IOException {
    this.root = workspace.toRealPath();
  }

  /** Where a file is. */
  public Path resolve(String name) {
    return root.resolve(name);
  }

  /** Paths of the files that match, relative to the workspace and with slashes, sorted. */
  public SortedSet<String> matching(String glob) throws IOException {
    GlobPattern pattern = new GlobPattern(glob);
    SortedSet<String> found = new TreeSet<>();
    Path start = root.resolve(fixedFolder(glob)).normalize();
    if (!isOwnFolder(start)) {
      return found;
    }
    Files.walkFileTree(
        start,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            boolean git = folder.endsWith(".git");
            return git ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = root.relativize(file).toString();
            if (attributes.isRegularFile() && pattern.matches(name)) {
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

  /** The part of a pattern before its first wildcard that names a folder. */
  private static String fixedFolder(String glob) {
    int end = glob.length();
    for (int i = 0; i < glob.length(); i++) {
      if (glob.charAt(i) == '*' || glob.charAt(i) == '?') {
        end = i;
        break;
      }
    }
    int slash = glob.lastIndexOf('/', end - 1);
    return slash <= 0 ? "" : glob.substring(0, slash);
  }

  /** True for a folder in the workspace to which no link leads. */
  private boolean isOwnFolder(Path folder) throws IOException {
    return folder.startsWith(root)
        && Files.isDirectory(folder)
        && folder.toRealPath().equals(folder);
  }
}
