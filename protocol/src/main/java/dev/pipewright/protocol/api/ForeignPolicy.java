package dev.pipewright.protocol.api;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a source does with commits that anybody may have made. */
public enum ForeignPolicy {
  /** Their runs wait until a maintainer has approved exactly that commit. */
  HOLD,
  /** They run at once, with the pipeline code of the base branch and without anything shared. */
  RUN,
  /** They are recorded, and nothing else. */
  IGNORE;

  /** The word on the wire and on the command line. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The policy of this word. */
  public static Optional<ForeignPolicy> of(String word) {
    return Arrays.stream(values()).filter(policy -> policy.word().equals(word)).findFirst();
  }

  /** All words, for messages. */
  public static String words() {
    return Arrays.stream(values()).map(ForeignPolicy::word).collect(Collectors.joining(", "));
  }
}
