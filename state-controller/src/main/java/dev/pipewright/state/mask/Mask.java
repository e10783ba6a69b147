package dev.pipewright.state.mask;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Replaces secrets in bytes by asterisks of the same length; line ends within a secret stay. Of
 * secrets that overlap, or lie in each other, everything is covered. Looks at four bytes at a time,
 * which with rare exceptions is one look at a small table. Immutable.
 */
public final class Mask {
  /** Hides nothing. */
  public static final Mask NONE = new Mask(Set.of());

  private static final int FIRST = SecretForms.SHORTEST;
  private static final int TABLE_BITS = 16;
  private static final int SPREAD = 0x9E3779B1;

  private final long[] seen = new long[1 << (TABLE_BITS - 6)];
  private final Map<Integer, byte[][]> byFirst = new HashMap<>();
  private final byte[][] all;
  private final int longest;

  private Mask(Set<String> secrets) {
    Set<String> forms = new LinkedHashSet<>();
    secrets.forEach(secret -> forms.addAll(SecretForms.of(secret)));
    this.all =
        forms.stream()
            .sorted(Comparator.comparing(String::length).reversed())
            .map(form -> form.getBytes(StandardCharsets.ISO_8859_1))
            .toArray(byte[][]::new);
    this.longest = all.length == 0 ? 0 : all[0].length;
    Map<Integer, List<byte[]>> lists = new HashMap<>();
    for (byte[] form : all) {
      int first = first(form, 0);
      int slot = slot(first);
      seen[slot >>> 6] |= 1L << slot;
      lists.computeIfAbsent(first, any -> new ArrayList<>()).add(form);
    }
    lists.forEach((first, list) -> byFirst.put(first, list.toArray(byte[][]::new)));
  }

  /** Hides these secrets, apart from those that are too short. */
  public static Mask of(Collection<String> secrets) {
    return secrets.isEmpty() ? NONE : new Mask(Set.copyOf(secrets));
  }

  /** True if nothing is hidden. */
  public boolean isEmpty() {
    return longest == 0;
  }

  /** How long the longest hidden text is, in bytes. */
  public int longest() {
    return longest;
  }

  /** The text with everything hidden that is secret; the same text if nothing is. */
  public String text(String text) {
    if (isEmpty() || text.length() < FIRST) {
      return text;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return cover(bytes) ? new String(bytes, StandardCharsets.UTF_8) : text;
  }

  /** The text, if there is one, with everything hidden that is secret. */
  public @Nullable String textIfAny(@Nullable String text) {
    return text == null ? null : text(text);
  }

  /** Hides in place what is secret; true if something was. */
  public boolean cover(byte[] bytes) {
    if (isEmpty()) {
      return false;
    }
    boolean changed = false;
    int last = bytes.length - FIRST;
    int at = 0;
    while (at <= last) {
      at = nextSuspect(bytes, at, last);
      int length = at <= last ? match(bytes, at) : 0;
      if (length == 0) {
        at++;
        continue;
      }
      changed = true;
      at = coverFrom(bytes, at, at + length);
    }
    return changed;
  }

  /** Covers up to {@code end}, and further if a secret begins within; gives where that ends. */
  private int coverFrom(byte[] bytes, int from, int end) {
    int until = end;
    for (int at = from; at < until; at++) {
      if (at > from && at + FIRST <= bytes.length) {
        until = Math.max(until, at + match(bytes, at));
      }
      if (bytes[at] != '\n' && bytes[at] != '\r') {
        bytes[at] = '*';
      }
    }
    return until;
  }

  private int nextSuspect(byte[] bytes, int from, int last) {
    int at = from;
    int four = first(bytes, at);
    while (!isSuspect(four)) {
      at++;
      if (at > last) {
        return at;
      }
      four = (four << 8) | (bytes[at + FIRST - 1] & 0xff);
    }
    return at;
  }

  private boolean isSuspect(int four) {
    int slot = slot(four);
    return (seen[slot >>> 6] & (1L << slot)) != 0;
  }

  private static int first(byte[] bytes, int at) {
    return (bytes[at] << 24)
        | ((bytes[at + 1] & 0xff) << 16)
        | ((bytes[at + 2] & 0xff) << 8)
        | (bytes[at + 3] & 0xff);
  }

  private static int slot(int four) {
    return (four * SPREAD) >>> (32 - TABLE_BITS);
  }

  /** The length of the longest secret that begins at {@code at}; 0 for none. */
  private int match(byte[] bytes, int at) {
    byte[][] forms = byFirst.get(first(bytes, at));
    if (forms == null) {
      return 0;
    }
    for (byte[] form : forms) {
      if (form.length <= bytes.length - at && agrees(bytes, at, form, form.length)) {
        return form.length;
      }
    }
    return 0;
  }

  private static boolean agrees(byte[] bytes, int at, byte[] form, int count) {
    return Arrays.equals(bytes, at, at + count, form, 0, count);
  }

  /**
   * From where on the bytes must be looked at again when more follow: the first place where a
   * secret begins that is cut off by the end, or the end.
   */
  public int openFrom(byte[] bytes) {
    for (int at = Math.max(0, bytes.length - longest + 1); at < bytes.length; at++) {
      if (isCutOff(bytes, at)) {
        return at;
      }
    }
    return bytes.length;
  }

  private boolean isCutOff(byte[] bytes, int at) {
    int left = bytes.length - at;
    byte[][] candidates = all;
    if (left >= FIRST) {
      int four = first(bytes, at);
      byte[][] found = isSuspect(four) ? byFirst.get(four) : null;
      if (found == null) {
        return false;
      }
      candidates = found;
    }
    for (byte[] form : candidates) {
      if (form.length > left && agrees(bytes, at, form, left)) {
        return true;
      }
    }
    return false;
  }

  /** Tells how much is hidden, never what. */
  @Override
  public String toString() {
    return "Mask[" + all.length + " forms]";
  }
}
