package dev.pipewright.test;

import dev.pipewright.dsl.Parameter;
import dev.pipewright.test.play.Reply;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A person who answers in a test: {@code by("ann").giving(STAGE, "all").after(ofHours(2))}. They
 * take a minute unless they say otherwise; no real time passes. Immutable.
 */
public final class Person {
  private final String name;
  private final @Nullable String note;
  private final Map<String, String> values;
  private final Duration after;

  private Person(String name, @Nullable String note, Map<String, String> values, Duration after) {
    this.name = name;
    this.note = note;
    this.values = Map.copyOf(values);
    this.after = after;
  }

  /** Somebody who answers. */
  public static Person by(String name) {
    return new Person(name, null, Map.of(), Duration.ofMinutes(1));
  }

  /** The same, who gives a reason. */
  public Person saying(String words) {
    return new Person(name, words, values, after);
  }

  /** The same, who gives a value; without it the default is taken. */
  public <T> Person giving(Parameter<T> parameter, T value) {
    Map<String, String> more = new LinkedHashMap<>(values);
    more.put(parameter.name(), value.toString());
    return new Person(name, note, more, after);
  }

  /** The same, who takes that long after they are asked. */
  public Person after(Duration length) {
    return new Person(name, note, values, length);
  }

  Reply approving() {
    return new Reply(true, name, note, values, after);
  }

  Reply rejecting() {
    return new Reply(false, name, note, Map.of(), after);
  }

  @Override
  public String toString() {
    return "Person " + name;
  }
}
