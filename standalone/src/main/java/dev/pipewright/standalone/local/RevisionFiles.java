package dev.pipewright.standalone.local;

import dev.pipewright.standalone.CommandException;
import java.io.BufferedInputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Files as they are in a commit, read out of the object store of git; the working tree and the
 * index are left alone, and no filter or hook of the repository runs.
 */
final class RevisionFiles {
  private final Path project;

  /** The files of the repository that {@code project} lies in. */
  RevisionFiles(Path project) {
    this.project = project;
  }

  /**
   * Writes the {@code .java} files of a folder into {@code target}.
   *
   * @param revision anything git knows, such as {@code main} or {@code HEAD~1}
   * @param folder relative to the project
   * @throws CommandException if git or the revision is not there
   */
  void write(String revision, String folder, Path target) throws IOException {
    Map<String, String> files = list(commit(revision), folder);
    if (files.isEmpty()) {
      return;
    }
    Process git = start("cat-file", "--batch");
    try (InputStream out = new BufferedInputStream(git.getInputStream());
        BufferedWriter in = git.outputWriter(StandardCharsets.UTF_8)) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        in.write(file.getValue() + "\n");
        in.flush();
        byte[] content = next(out);
        Path place = target.resolve(file.getKey()).normalize();
        if (!place.startsWith(target)) {
          throw new CommandException("'" + file.getKey() + "' is no place for pipeline code.");
        }
        Files.createDirectories(place.getParent());
        Files.write(place, content);
      }
    } finally {
      git.destroy();
    }
  }

  private String commit(String revision) throws IOException {
    if (revision.isBlank() || revision.startsWith("-")) {
      throw new CommandException("'" + revision + "' is not a revision.", 2);
    }
    Output found = run("rev-parse", "--verify", "--quiet", revision + "^{commit}");
    if (found.exitCode() != 0) {
      boolean repository = run("rev-parse", "--git-dir").exitCode() == 0;
      throw new CommandException(
          repository
              ? "git knows no revision '" + revision + "' here."
              : project + " is not in a git repository, so there is nothing to compare with.",
          2);
    }
    return found.text().strip();
  }

  /** Names relative to the folder, and the object of each. */
  private Map<String, String> list(String commit, String folder) throws IOException {
    Output found = run("ls-tree", "-r", "-z", commit, "--", folder + "/");
    Map<String, String> files = new LinkedHashMap<>();
    for (String line : found.text().split("\0", -1)) {
      int tab = line.indexOf('\t');
      if (tab < 0) {
        continue;
      }
      String[] words = line.substring(0, tab).split(" ", -1);
      String name = line.substring(tab + 1);
      boolean regular = words[0].startsWith("100");
      if (regular && name.endsWith(".java") && name.startsWith(folder + "/")) {
        files.put(name.substring(folder.length() + 1), words[2]);
      }
    }
    return files;
  }

  private static byte[] next(InputStream out) throws IOException {
    StringBuilder header = new StringBuilder();
    for (int c = out.read(); c != '\n' && c >= 0; c = out.read()) {
      header.append((char) c);
    }
    String[] words = header.toString().split(" ", -1);
    if (words.length != 3) {
      throw new IOException("git did not give a file: " + header);
    }
    byte[] content = out.readNBytes(Integer.parseInt(words[2]));
    out.skipNBytes(1);
    return content;
  }

  private record Output(int exitCode, String text) {}

  private Output run(String... arguments) throws IOException {
    Process git = start(arguments);
    git.getOutputStream().close();
    String text = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      return new Output(git.waitFor(), text);
    } catch (InterruptedException e) {
      git.destroy();
      throw new CommandException("interrupted", 130);
    }
  }

  private Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(Arrays.asList(arguments));
    try {
      return new ProcessBuilder(command)
          .directory(project.toFile())
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      throw new CommandException("git is needed for this: " + e.getMessage(), 2);
    }
  }
}
