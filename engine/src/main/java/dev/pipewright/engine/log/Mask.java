package dev.pipewright.engine.log;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Hides the secrets of one run wherever something is shown or stored: every form of every value
 * that was released so far becomes {@code ***}. Thread-safe.
 */
public final class Mask {
  static final byte[] STARS = "***".getBytes(StandardCharsets.US_ASCII);

  private final Set<String> values = new LinkedHashSet<>();
  private final List<byte[]> forms = new ArrayList<>();
  private volatile @Nullable Automaton automaton;

  /**
   * Hides a value from now on, in every step.
   *
   * @return false if it is too short to be hidden
   */
  public boolean add(String value) {
    if (!SecretForms.maskable(value)) {
      return false;
    }
    synchronized (values) {
      if (values.add(value)) {
        forms.addAll(SecretForms.of(value));
        automaton = new Automaton(forms);
      }
    }
    return true;
  }

  /** What finds the secrets; null as long as there are none. */
  @Nullable Automaton automaton() {
    return automaton;
  }

  /** The text without secrets. */
  public String text(String text) {
    if (automaton == null) {
      return text;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream clean = new ByteArrayOutputStream(bytes.length);
    MaskedSink sink = new MaskedSink(this, clean::write);
    sink.write(bytes, 0, bytes.length);
    sink.flush();
    return clean.toString(StandardCharsets.UTF_8);
  }

  /** The text without secrets; null stays null. */
  public @Nullable String textOrNull(@Nullable String text) {
    return text == null ? null : text(text);
  }

  /** True if the text shows a secret in any form. */
  public boolean isShownBy(String text) {
    Automaton finder = automaton;
    if (finder == null) {
      return false;
    }
    int state = 0;
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      state = finder.step(state, each);
      if (finder.longest(state) > 0) {
        return true;
      }
    }
    return false;
  }
}
