package dev.pipewright.engine.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** File modes as numbers; only reading, writing and executing, no special bits. */
final class Modes {
  private static final PosixFilePermission[] BITS = {
    PosixFilePermission.OTHERS_EXECUTE,
    PosixFilePermission.OTHERS_WRITE,
    PosixFilePermission.OTHERS_READ,
    PosixFilePermission.GROUP_EXECUTE,
    PosixFilePermission.GROUP_WRITE,
    PosixFilePermission.GROUP_READ,
    PosixFilePermission.OWNER_EXECUTE,
    PosixFilePermission.OWNER_WRITE,
    PosixFilePermission.OWNER_READ
  };

  private Modes() {}

  static int of(Path file) throws IOException {
    Set<PosixFilePermission> held = Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
    int mode = 0;
    for (int i = 0; i < BITS.length; i++) {
      mode |= held.contains(BITS[i]) ? 1 << i : 0;
    }
    return mode;
  }

  static void set(Path file, int mode) throws IOException {
    Set<PosixFilePermission> wanted = EnumSet.noneOf(PosixFilePermission.class);
    for (int i = 0; i < BITS.length; i++) {
      if ((mode & (1 << i)) != 0) {
        wanted.add(BITS[i]);
      }
    }
    Files.setPosixFilePermissions(file, wanted);
  }
}
