package dev.pipewright.standalone.local;

import dev.pipewright.builder.maven.LibraryException;
import dev.pipewright.builder.maven.MavenLibraries;
import dev.pipewright.builder.maven.ResolvedLibraries;
import dev.pipewright.builder.meta.LibraryLines;
import dev.pipewright.builder.meta.LibraryLock;
import dev.pipewright.standalone.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The libraries that pipeline code in a folder names, from the same repository as on a server. */
record LocalLibraries(Path folder) {

  /**
   * Copies the libraries into a folder, named in the order of the class path.
   *
   * @throws CommandException if one cannot be had
   * @throws IOException if a file cannot be read or written
   */
  void copyTo(Path target) throws IOException {
    LibraryLines lines = LibraryLines.of(folder);
    Files.createDirectories(target);
    if (lines.libraries().isEmpty()) {
      return;
    }
    Path file = folder.resolve(LibraryLock.FILE);
    ResolvedLibraries found;
    try {
      found = maven().get(lines.libraries(), Files.exists(file) ? Files.readString(file) : null);
    } catch (LibraryException e) {
      throw new CommandException(String.valueOf(e.getMessage()));
    }
    List<String> names = found.lock().fileNames();
    for (int i = 0; i < names.size(); i++) {
      Files.copy(found.jars().get(i), target.resolve(names.get(i)));
    }
  }

  /**
   * Writes the lock beside the code; deletes it if the code names no library.
   *
   * @return what was done, in words
   * @throws CommandException if a library cannot be had
   * @throws IOException if the lock cannot be written
   */
  String lock() throws IOException {
    LibraryLines lines = LibraryLines.of(folder);
    Path file = folder.resolve(LibraryLock.FILE);
    if (lines.libraries().isEmpty()) {
      return Files.deleteIfExists(file)
          ? "Deleted " + file + ": no //DEPS line names a library."
          : "There is nothing to lock: no //DEPS line names a library.";
    }
    try {
      LibraryLock lock = maven().resolve(lines.libraries()).lock();
      Files.writeString(file, lock.text());
      return "Wrote %s with %d jars. Commit it.".formatted(file, lock.files().size());
    } catch (LibraryException e) {
      throw new CommandException(String.valueOf(e.getMessage()));
    }
  }

  private static MavenLibraries maven() {
    Path local = Path.of(System.getProperty("user.home"), ".m2", "repository");
    return MavenLibraries.of(local, System.getenv("PIPEWRIGHT_MAVEN_REPOSITORY"));
  }
}
