package dev.pipewright.standalone;

import java.util.Collection;
import java.util.Comparator;

/** The word that was probably meant by one that is unknown. */
final class NearestWord {
  private NearestWord() {}

  /**
   * The word with the fewest letters to change, add, leave out or swap with their neighbours; the
   * first in the alphabet of several.
   *
   * @throws IllegalArgumentException if there are no words
   */
  static String of(String unknown, Collection<String> words) {
    return words.stream()
        .sorted()
        .min(Comparator.comparingInt(word -> changes(unknown, word)))
        .orElseThrow(() -> new IllegalArgumentException("no words"));
  }

  private static int changes(String from, String to) {
    int[][] cost = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int changed = cost[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        cost[i][j] = Math.min(changed, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        if (i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1)) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[from.length()][to.length()];
  }
}
