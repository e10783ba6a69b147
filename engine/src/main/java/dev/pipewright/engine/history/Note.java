package dev.pipewright.engine.history;

import dev.pipewright.protocol.event.RunEvent;

/**
 * What an engine remembers of a node beyond what its events say. Written as {@code <word> <text>}
 * into {@link RunEvent.Noted}; of each kind the last one of a node counts.
 */
public enum Note {
  /** A container without a path has begun an attempt; the text is its number. */
  BEGUN("begun"),
  /** An attempt was broken and another one follows; the text is its number. */
  BROKEN("broken"),
  /** The work of a step is over, but not what runs after it: an outcome, and why. */
  ENDED("ended"),
  /** What the work left, as {@code <output> <JSON>}; one for each output. */
  LEFT("left"),
  /** What a condition said: {@code true}, {@code false}, or why there is no answer. */
  ANSWER("answer"),
  /** Which branch decided that the others end. */
  DECIDED("decided"),
  /** The limit of a container was over before its steps were. */
  TIME_IS_OVER("time-is-over"),
  /** A person wants a step of unknown end once more; the text counts how often. */
  AGAIN("again"),
  /** A wait is over. */
  WAITED("waited"),
  /** An earlier attempt of the run has begun the step, and its end is unknown. */
  UNKNOWN("unknown");

  private final String word;

  Note(String word) {
    this.word = word;
  }

  /** The event that remembers {@code text} for the node {@code key}. */
  public RunEvent.Noted event(String key, String text) {
    return new RunEvent.Noted(key, text.isEmpty() ? word : word + " " + text);
  }

  /** True for what was noted of an attempt and does not hold for the next one. */
  static boolean isOfAttempt(String value) {
    return ANSWER.is(value) || DECIDED.is(value) || TIME_IS_OVER.is(value);
  }

  /** True if {@code value} is a note of this kind. */
  boolean is(String value) {
    return value.equals(word) || value.startsWith(word + " ");
  }

  /** The text of a note of this kind. */
  String text(String value) {
    return value.equals(word) ? "" : value.substring(word.length() + 1);
  }
}
