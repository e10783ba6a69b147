package dev.pipewright.engine.log;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One stream of bytes on its way to where it is shown, without secrets. Holds back only what may be
 * the beginning of one, until it is known or {@link #flush}ed. Where secrets overlap, everything
 * that belongs to any of them is hidden by one mark. A secret that becomes known while bytes are
 * held is looked for in these, too. Confined to the lock of its owner.
 */
final class MaskedSink implements ByteSink {
  private static final byte[] NOTHING = new byte[0];

  private final Mask mask;
  private final ByteSink clean;
  private @Nullable Automaton automaton;
  private int state;

  /** Bytes that were read but not passed on; they are the beginning of a pattern. */
  private byte[] held = NOTHING;

  /** How many of the held bytes belong to a secret that was passed on as a mark already. */
  private int covered;

  /** Where secrets begin and end, in order and apart, counted from the first held byte. */
  private int[] begins = new int[4];

  private int[] ends = new int[4];
  private int secrets;

  MaskedSink(Mask mask, ByteSink clean) {
    this.mask = mask;
    this.clean = clean;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    Automaton newest = mask.automaton();
    if (newest == null) {
      clean.write(bytes, offset, length);
      return;
    }
    boolean afresh = newest != automaton;
    automaton = newest;
    int known = held.length;
    byte[] text = bytes;
    int from = offset;
    if (known > 0) {
      text = Arrays.copyOf(held, known + length);
      System.arraycopy(bytes, offset, text, known, length);
      from = 0;
    }
    if (afresh) {
      state = 0;
      secrets = 0;
    }
    int base = from;
    state =
        newest.search(
            text,
            from + (afresh ? 0 : known),
            from + known + length,
            state,
            (begin, end) -> found(begin - base, end - base));
    passOn(text, from, known + length, known + length - newest.depth(state));
  }

  /** Passes on what was held back: nothing follows that could make a secret of it. */
  void flush() {
    int length = held.length;
    if (length > 0) {
      passOn(held, 0, length, length);
    }
    state = 0;
    covered = 0;
  }

  /** Notes a secret; of those noted before, some may lie in it or reach into it. */
  private void found(int begin, int end) {
    int earliest = begin;
    while (secrets > 0 && ends[secrets - 1] > begin) {
      secrets--;
      earliest = Math.min(earliest, begins[secrets]);
    }
    if (secrets == begins.length) {
      begins = Arrays.copyOf(begins, secrets * 2);
      ends = Arrays.copyOf(ends, secrets * 2);
    }
    begins[secrets] = earliest;
    ends[secrets] = end;
    secrets++;
  }

  /**
   * Passes on the first {@code known} of {@code length} bytes and holds the rest. A secret at the
   * beginning of the rest is marked at once: whatever follows, it is hidden.
   */
  private void passOn(byte[] text, int from, int length, int known) {
    int at = covered;
    int next = 0;
    for (; next < secrets && begins[next] <= Math.max(known, at); next++) {
      if (begins[next] >= at) {
        pass(text, from + at, begins[next] - at);
        clean.write(Mask.STARS, 0, Mask.STARS.length);
      }
      at = Math.max(at, ends[next]);
    }
    pass(text, from + at, known - at);
    covered = Math.max(0, at - known);
    for (int i = next; i < secrets; i++) {
      begins[i - next] = begins[i] - known;
      ends[i - next] = ends[i] - known;
    }
    secrets -= next;
    held = known == length ? NOTHING : Arrays.copyOfRange(text, from + known, from + length);
  }

  private void pass(byte[] text, int from, int length) {
    if (length > 0) {
      clean.write(text, from, length);
    }
  }
}
