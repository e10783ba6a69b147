package dev.pipewright.engine.log;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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
   * Hides values from now on, in every step.
   *
   * @param more values of secrets by name
   * @return the names of those that are too short to be hidden
   */
  public List<String> add(Map<String, String> more) {
    List<String> shown = new ArrayList<>();
    synchronized (values) {
      boolean changed = false;
      for (Map.Entry<String, String> each : more.entrySet()) {
        if (!SecretForms.maskable(each.getValue())) {
          shown.add(each.getKey());
        } else if (values.add(each.getValue())) {
          forms.addAll(SecretForms.of(each.getValue()));
          changed = true;
        }
      }
      if (changed) {
        automaton = new Automaton(forms);
      }
    }
    return shown;
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
    boolean[] found = {false};
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    finder.search(bytes, 0, bytes.length, 0, (_, _) -> found[0] = true);
    return found[0];
  }
}
