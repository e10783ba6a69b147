package dev.pipewright.state.backup;

import java.util.List;
import java.util.regex.Pattern;

/** What the entries of a backup are called, which is where they lie in the data folder. */
final class ArchiveNames {
  static final String MANIFEST = "manifest.json";
  static final String SEAL = "seal.json";
  static final String DATABASE = "state.mv";
  static final String MASTER_KEY = "master.key";

  /** Folders that are taken with all that is in them. */
  static final List<String> FOLDERS = List.of("blobs", "logs");

  /** What an operator has written beside the state. */
  static final List<String> SETTINGS = List.of("notifications.json", "wall.json");

  /** What is taken only where that is asked for. */
  static final List<String> KEYS = List.of(MASTER_KEY, "service.token");

  private static final String SEGMENT = "[A-Za-z0-9_-][A-Za-z0-9._-]{0,200}";
  private static final Pattern INSIDE =
      Pattern.compile("(" + String.join("|", FOLDERS) + ")(/" + SEGMENT + "){1,5}");

  private ArchiveNames() {}

  /** True for a file that a backup may hold; no such name leads out of the folder. */
  static boolean isFile(String name) {
    return name.equals(DATABASE)
        || SETTINGS.contains(name)
        || KEYS.contains(name)
        || INSIDE.matcher(name).matches();
  }
}
