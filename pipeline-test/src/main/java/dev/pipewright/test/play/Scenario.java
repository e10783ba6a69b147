package dev.pipewright.test.play;

import dev.pipewright.dsl.Pipeline;
import dev.pipewright.protocol.run.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a tested run is about: the pipeline, its cause, and what happens in it. Built once. */
public final class Scenario {
  /** The pipeline. */
  public final Pipeline pipeline;

  /** The full ref. */
  public String ref = "refs/heads/main";

  /** The commit. */
  public String commit = "0123456789abcdef0123456789abcdef01234567";

  /** The number of the run. */
  public long number = 1;

  /** What the run is started with. */
  public final Map<String, String> parameters = new LinkedHashMap<>();

  /** What is in the workspace before the first step. */
  public final Map<String, String> files = new LinkedHashMap<>();

  /** What commands do, by their text or its beginning. */
  public final Map<String, Acts> commands = new LinkedHashMap<>();

  /** What tasks do, by path. */
  public final Map<String, Acts> steps = new LinkedHashMap<>();

  /** What people say, by the path of the step that waits for them. */
  public final Map<String, Reply> replies = new LinkedHashMap<>();

  /** Steps nobody ever answers, nor does their time pass. */
  public final Set<String> unanswered = new HashSet<>();

  /**
   * How tasks of unknown end ended, as a person says it: {@code happened}, {@code failed} or {@code
   * again}.
   */
  public final Map<String, String> ends = new LinkedHashMap<>();

  /** The values of secrets. */
  public final Map<String, String> secrets = new LinkedHashMap<>();

  /** For how long somebody else has a lock. */
  public final Map<String, Duration> heldLocks = new LinkedHashMap<>();

  /** How runs of other pipelines end. */
  public final Map<String, Outcome> downstreams = new LinkedHashMap<>();

  /** When engines are lost; each once, in this order if they are counted in events. */
  public final List<Crash> crashes = new ArrayList<>();

  /** When the run is cancelled: the step that has just begun, or is over. */
  public final Map<String, Boolean> cancels = new LinkedHashMap<>();

  /** Whether somebody answers truthfully how tasks of unknown end ended. */
  public boolean truthful;

  /** How long, in real time, a body may go on without anything else happening. */
  public Duration patience = Duration.ofSeconds(60);

  /** The script of a command: that of its whole text, else of its longest known beginning. */
  @Nullable String scriptOf(String command) {
    if (commands.containsKey(command)) {
      return command;
    }
    return commands.keySet().stream()
        .filter(command::startsWith)
        .max(Comparator.comparingInt(String::length))
        .orElse(null);
  }

  /** A scenario in which everything succeeds. */
  public Scenario(Pipeline pipeline) {
    this.pipeline = pipeline;
  }
}
