package dev.pipewright.protocol.run;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a step waits for.
 *
 * @param forWhat in words, for people: the question of an approval, the name of a lock, the
 *     pipeline that was started
 * @param approvers groups or people who may answer; empty for anybody who may write
 * @param parameters what the answer may say
 * @param until when waiting ends by itself with {@link Answer.Verdict#EXPIRED}; null for never
 */
public record Wait(
    Kind kind,
    String forWhat,
    List<String> approvers,
    List<ParameterSpec> parameters,
    @Nullable Instant until) {
  public Wait {
    approvers = List.copyOf(approvers);
    parameters = List.copyOf(parameters);
  }

  /** Who gives the answer. */
  public enum Kind {
    /** A person approves or rejects. */
    APPROVAL,
    /**
     * A person says how a step ended that may run only once and whose end is unknown. The value
     * {@code end} is {@code happened}, {@code failed} or {@code again}.
     */
    UNKNOWN_END,
    /** The server, when the lock is free. */
    LOCK,
    /** The server, when the started run is over. */
    RUN
  }

  /** True if a person answers. */
  @JsonIgnore
  public boolean isForPeople() {
    return kind == Kind.APPROVAL || kind == Kind.UNKNOWN_END;
  }
}
