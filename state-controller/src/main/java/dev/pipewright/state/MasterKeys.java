package dev.pipewright.state;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys that seal secrets, each of 32 bytes in base64.
 *
 * @param current the one of today; null: that of {@code master.key} in the data folder
 * @param old former ones: what they sealed is read, and sealed anew at start
 */
public record MasterKeys(@Nullable String current, List<String> old) {
  private static final String CURRENT = "PIPEWRIGHT_MASTER_KEY";
  private static final String OLD = "PIPEWRIGHT_MASTER_KEY_OLD";

  public MasterKeys {
    old = List.copyOf(old);
  }

  /**
   * Reads {@code PIPEWRIGHT_MASTER_KEY} and, separated by commas, {@code
   * PIPEWRIGHT_MASTER_KEY_OLD}.
   *
   * @throws IllegalArgumentException naming every wrong one
   */
  public static MasterKeys from(Map<String, String> settings) {
    List<String> problems = new ArrayList<>();
    String current = settings.get(CURRENT);
    check(CURRENT, current, problems);
    List<String> old =
        Arrays.stream(settings.getOrDefault(OLD, "").split(",", -1))
            .map(String::strip)
            .filter(key -> !key.isEmpty())
            .toList();
    old.forEach(key -> check(OLD, key, problems));
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", problems));
    }
    return new MasterKeys(current, old);
  }

  private static void check(String name, @Nullable String key, List<String> problems) {
    try {
      if (key != null) {
        Object unused = SecretBox.key(key);
      }
    } catch (IllegalArgumentException e) {
      problems.add(name + ": " + e.getMessage());
    }
  }

  /** Tells how many there are, never which. */
  @Override
  public String toString() {
    return "MasterKeys[%s, %d old]"
        .formatted(current == null ? "of the folder" : "set", old.size());
  }
}
