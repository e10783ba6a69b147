package dev.pipewright.engine.log;

import java.util.Arrays;
import java.util.List;

/**
 * Finds many byte patterns at once, in time that depends on the length of the text alone. A state
 * stands for the longest end of the text so far that is the beginning of a pattern; state 0 for
 * none. The first two levels, where ordinary text stays, are plain tables; below them memory grows
 * only with the patterns. Immutable.
 */
final class Automaton {
  private static final int BYTES = 256;

  private int size = 1;
  private int[] first = new int[64];
  private int[] sibling = new int[64];
  private byte[] label = new byte[64];
  private int[] fallback = new int[64];
  private int[] depth = new int[64];
  private int[] longest = new int[64];

  /** Where states up to {@link #shallow} go with each byte. */
  private int[] table = new int[0];

  private int shallow;

  /** An automaton for patterns of two bytes or more. */
  Automaton(List<byte[]> patterns) {
    patterns.forEach(this::firstByte);
    shallow = size - 1;
    patterns.forEach(this::add);
    link();
    tabulate();
  }

  /** Is told of every place where a pattern ends; of several that end there, of the longest. */
  interface Hits {
    void found(int begin, int end);
  }

  /** Reads bytes from {@code begin} to {@code end} and returns the state after them. */
  int search(byte[] text, int begin, int end, int state, Hits hits) {
    int[] table = this.table;
    int shallow = this.shallow;
    int at = state;
    for (int i = begin; i < end; i++) {
      at = at <= shallow ? table[(at * BYTES) + (text[i] & 0xff)] : deep(at, text[i]);
      if (at > shallow && longest[at] > 0) {
        hits.found(i + 1 - longest[at], i + 1);
      }
    }
    return at;
  }

  private int deep(int state, byte next) {
    int at = state;
    while (at > shallow) {
      int child = child(at, next);
      if (child != 0) {
        return child;
      }
      at = fallback[at];
    }
    return table[at * BYTES + (next & 0xff)];
  }

  /** How many bytes at the end of the text are the beginning of a pattern. */
  int depth(int state) {
    return depth[state];
  }

  /** How many states there are. */
  int size() {
    return size;
  }

  /**
   * Makes the states of the first level before all others, so that their numbers are the lowest.
   */
  private void firstByte(byte[] pattern) {
    if (child(0, pattern[0]) == 0) {
      grow(0, pattern[0]);
    }
  }

  private void add(byte[] pattern) {
    int at = 0;
    for (byte each : pattern) {
      int child = child(at, each);
      at = child == 0 ? grow(at, each) : child;
    }
    longest[at] = pattern.length;
  }

  private int child(int state, byte wanted) {
    int child = first[state];
    while (child != 0 && label[child] != wanted) {
      child = sibling[child];
    }
    return child;
  }

  private int grow(int parent, byte with) {
    if (size == first.length) {
      int more = size * 2;
      first = Arrays.copyOf(first, more);
      sibling = Arrays.copyOf(sibling, more);
      label = Arrays.copyOf(label, more);
      fallback = Arrays.copyOf(fallback, more);
      depth = Arrays.copyOf(depth, more);
      longest = Arrays.copyOf(longest, more);
    }
    int child = size++;
    label[child] = with;
    depth[child] = depth[parent] + 1;
    sibling[child] = first[parent];
    first[parent] = child;
    return child;
  }

  /** Gives every state the next shorter end of the text that is also a beginning of a pattern. */
  private void link() {
    int[] queue = new int[size];
    int end = 0;
    for (int child = first[0]; child != 0; child = sibling[child]) {
      queue[end++] = child;
    }
    for (int next = 0; next < end; next++) {
      int state = queue[next];
      for (int child = first[state]; child != 0; child = sibling[child]) {
        int shorter = fallback[state];
        while (shorter != 0 && child(shorter, label[child]) == 0) {
          shorter = fallback[shorter];
        }
        fallback[child] = child(shorter, label[child]);
        longest[child] = Math.max(longest[child], longest[fallback[child]]);
        queue[end++] = child;
      }
    }
  }

  private void tabulate() {
    table = new int[(shallow + 1) * BYTES];
    for (int state = 0; state <= shallow; state++) {
      for (int value = 0; value < BYTES; value++) {
        int child = child(state, (byte) value);
        table[state * BYTES + value] = child == 0 ? child(0, (byte) value) : child;
      }
    }
  }
}
