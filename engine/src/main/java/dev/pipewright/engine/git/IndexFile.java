package dev.pipewright.engine.git;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The list of files of a working copy, read from git's index in the forms that git and JGit write
 * unless told otherwise (2 and 3). Reading it costs a fraction of what asking git would.
 */
final class IndexFile {
  private static final int MAGIC = 0x44495243;
  private static final int HEAD = 12;
  private static final int MODE = 24;
  private static final int SIZE = 36;
  private static final int FLAGS = 60;
  private static final int EXTENDED = 0x4000;
  private static final int GITLINK = 0160000;
  private static final int REGULAR = 0100000;
  private static final int TYPE = 0170000;

  private IndexFile() {}

  /**
   * One entry.
   *
   * @param path with slashes, relative to the working copy
   * @param size of the file in bytes; 0 also where it is not known, as of files just written
   */
  record Entry(String path, int mode, long size) {
    boolean isSubmodule() {
      return (mode & TYPE) == GITLINK;
    }

    boolean isRegular() {
      return (mode & TYPE) == REGULAR;
    }
  }

  /**
   * Reads all entries.
   *
   * @throws IOException if there is no index or it has another form
   */
  static List<Entry> read(Path workspace) throws IOException {
    byte[] bytes = Files.readAllBytes(workspace.resolve(".git").resolve("index"));
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int version = bytes.length < HEAD || in.getInt(0) != MAGIC ? 0 : in.getInt(4);
    if (version != 2 && version != 3) {
      throw new IOException("git's index has the unknown form " + version);
    }
    int count = in.getInt(8);
    List<Entry> entries = new ArrayList<>(Math.min(count, 1 << 20));
    int at = HEAD;
    for (int i = 0; i < count; i++) {
      int begin = at + FLAGS + ((in.getShort(at + FLAGS) & EXTENDED) != 0 ? 4 : 2);
      int end = begin;
      while (bytes[end] != 0) {
        end++;
      }
      String path = new String(bytes, begin, end - begin, StandardCharsets.UTF_8);
      long size = Integer.toUnsignedLong(in.getInt(at + SIZE));
      entries.add(new Entry(path, in.getInt(at + MODE), size));
      at += (end - at + 8) & ~7;
    }
    return entries;
  }
}
