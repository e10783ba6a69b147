package dev.pipewright.builder.git;

import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevTree;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/**
 * The folder of pipeline code at one commit, known by its tree id: equal content has an equal id,
 * whatever the commit. Immutable.
 */
public final class CodeFolder {
  private static final int FILE_LIMIT = 2_000;
  private static final int SIZE_LIMIT = 20 * 1024 * 1024;

  private final Repository repository;
  private final String name;
  private final @Nullable ObjectId tree;

  private CodeFolder(Repository repository, String name, @Nullable ObjectId tree) {
    this.repository = repository;
    this.name = name;
    this.tree = tree;
  }

  static CodeFolder find(Repository repository, RevTree root, String folder) throws IOException {
    String path = clean(folder);
    if (path.isEmpty()) {
      return new CodeFolder(repository, ".", root.getId());
    }
    try (TreeWalk walk = TreeWalk.forPath(repository, path, root)) {
      if (walk == null) {
        return new CodeFolder(repository, path, null);
      }
      if (walk.getFileMode(0) != FileMode.TREE) {
        throw MirrorException.refused(
            "'%s' is not a folder in the repository, but a file or a link. Make it a folder with the"
                    .formatted(path)
                + " pipeline code.");
      }
      return new CodeFolder(repository, path, walk.getObjectId(0));
    }
  }

  private static String clean(String folder) {
    StringBuilder path = new StringBuilder();
    for (String name : folder.split("/", -1)) {
      if (name.equals("..")) {
        throw MirrorException.refused(
            "The folder of the pipeline code must lie inside the repository: '"
                + Remote.printable(folder)
                + "'.");
      }
      if (!name.isEmpty() && !name.equals(".")) {
        path.append(path.isEmpty() ? "" : "/").append(name);
      }
    }
    return path.toString();
  }

  /** True if the commit has such a folder. */
  public boolean isPresent() {
    return tree != null;
  }

  /** The tree id: 40 hexadecimal digits. */
  public String treeId() {
    return tree().name();
  }

  private ObjectId tree() {
    if (tree == null) {
      throw new IllegalStateException("There is no folder '" + name + "'.");
    }
    return tree;
  }

  /** True if there is a Java file in it. */
  public boolean holdsJava() {
    try (TreeWalk walk = walk()) {
      while (walk.next()) {
        if (isRegular(walk.getFileMode(0)) && walk.getNameString().endsWith(".java")) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /**
   * Its regular files: {@code prefix} and name to content. Links and submodules are left out.
   *
   * @throws MirrorException if a name could lead out of the folder, or there are more than 2,000
   *     files or 20 MiB
   */
  public SortedMap<String, byte[]> files(String prefix) {
    SortedMap<String, byte[]> files = new TreeMap<>();
    long size = 0;
    try (TreeWalk walk = walk();
        ObjectReader reader = repository.newObjectReader()) {
      while (walk.next()) {
        if (!isRegular(walk.getFileMode(0))) {
          continue;
        }
        ObjectId id = walk.getObjectId(0);
        size += reader.getObjectSize(id, ObjectReader.OBJ_ANY);
        if (files.size() == FILE_LIMIT || size > SIZE_LIMIT) {
          throw MirrorException.refused(
              "The folder '%s' has more than %,d files or 20 MiB. Keep only pipeline code in it."
                  .formatted(name, FILE_LIMIT));
        }
        files.put(prefix + checked(walk.getPathString()), reader.open(id).getBytes(SIZE_LIMIT));
      }
      return files;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private TreeWalk walk() throws IOException {
    TreeWalk walk = new TreeWalk(repository);
    walk.addTree(tree());
    walk.setRecursive(true);
    return walk;
  }

  private static boolean isRegular(FileMode mode) {
    return mode == FileMode.REGULAR_FILE || mode == FileMode.EXECUTABLE_FILE;
  }

  private String checked(String path) {
    boolean wrong = path.length() > 500 || path.indexOf('\\') >= 0 || path.startsWith("/");
    wrong |= path.codePoints().anyMatch(Character::isISOControl);
    for (String part : path.split("/", -1)) {
      wrong |= part.isEmpty() || part.equals(".") || part.equals("..");
    }
    if (wrong) {
      throw MirrorException.refused(
          "The folder '%s' holds a file with a name that is not allowed: '%s'. Rename it."
              .formatted(name, Remote.printable(path)));
    }
    return path;
  }

  private MirrorException unreadable(IOException cause) {
    return MirrorException.failed(
        "Could not read the folder '%s': %s".formatted(name, cause.getMessage()), cause);
  }
}
