package dev.pipewright.standalone.client;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Output of steps made safe for a terminal: colours stay, every other escape sequence becomes
 * visible text, control characters and those that turn the direction of writing go, a carriage
 * return begins a new line. Takes bytes in pieces cut anywhere. Confined to one thread.
 */
public final class SafeText {
  private static final char ESCAPE = '\u001b';
  private static final String SHOWN_ESCAPE = "\u241b";
  private static final int LONGEST_SEQUENCE = 40;

  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private final StringBuilder sequence = new StringBuilder();
  private byte[] rest = new byte[0];
  private boolean returned;
  private boolean coloured;

  /** The next bytes as text; what may go on in the next piece is held back. */
  public String next(byte[] bytes) {
    ByteBuffer in = ByteBuffer.allocate(rest.length + bytes.length).put(rest).put(bytes).flip();
    CharBuffer out = CharBuffer.allocate(in.remaining() + 1);
    decoder.decode(in, out, false);
    rest = new byte[in.remaining()];
    in.get(rest);
    StringBuilder safe = new StringBuilder();
    out.flip().chars().forEach(c -> take((char) c, safe));
    return safe.toString();
  }

  /** What was held back, and the end of all colours. */
  public String end() {
    StringBuilder safe = new StringBuilder();
    if (!sequence.isEmpty()) {
      show(safe);
    }
    if (rest.length > 0) {
      safe.append('\ufffd');
      rest = new byte[0];
    }
    if (coloured) {
      safe.append(ESCAPE).append("[0m");
      coloured = false;
    }
    return safe.toString();
  }

  private void take(char c, StringBuilder safe) {
    if (!sequence.isEmpty()) {
      sequence.append(c);
      if (isColour()) {
        safe.append(sequence);
        sequence.setLength(0);
        coloured = true;
      } else if (!mayBecomeColour()) {
        sequence.setLength(sequence.length() - 1);
        show(safe);
        take(c, safe);
      }
      return;
    }
    if (c == ESCAPE) {
      sequence.append(c);
      return;
    }
    plain(c, safe);
  }

  private void plain(char c, StringBuilder safe) {
    boolean afterReturn = returned;
    returned = c == '\r';
    if (c == '\r') {
      safe.append('\n');
    } else if (c == '\n') {
      if (!afterReturn) {
        safe.append(c);
      }
    } else if (c == '\t' || !(Character.isISOControl(c) || turnsDirection(c))) {
      safe.append(c);
    }
  }

  private boolean isColour() {
    return sequence.length() >= 3
        && sequence.charAt(1) == '['
        && sequence.charAt(sequence.length() - 1) == 'm';
  }

  private boolean mayBecomeColour() {
    int length = sequence.length();
    char last = sequence.charAt(length - 1);
    if (length == 2) {
      return last == '[';
    }
    boolean number = isBetween(last, '0', '9') || last == ';' || last == ':';
    return number && length <= LONGEST_SEQUENCE;
  }

  private void show(StringBuilder safe) {
    safe.append(SHOWN_ESCAPE).append(sequence, 1, sequence.length());
    sequence.setLength(0);
  }

  private static boolean turnsDirection(char c) {
    return c == '\u061c'
        || c == '\u200e'
        || c == '\u200f'
        || isBetween(c, '\u202a', '\u202e')
        || isBetween(c, '\u2066', '\u2069');
  }

  private static boolean isBetween(char c, char first, char last) {
    return c >= first && c <= last;
  }
}
