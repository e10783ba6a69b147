package dev.pipewright.standalone.server;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Supplier;

/** A line that is made once and kept in a file for its owner alone. */
final class KeptLine {
  private KeptLine() {}

  /** The line in the file, which is made first if it does not exist; never a part of one. */
  static String in(Path file, Supplier<String> fresh) throws IOException {
    if (Files.notExists(file)) {
      make(file, fresh.get());
    }
    return Files.readString(file).strip();
  }

  private static void make(Path file, String line) throws IOException {
    Path part =
        Files.createTempFile(
            file.toAbsolutePath().getParent(),
            ".making",
            ".part",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.writeString(part, line + "\n");
      Files.move(part, file);
    } catch (FileAlreadyExistsException e) {
      // Another process was faster; its line counts.
      Files.deleteIfExists(part);
    }
  }
}
