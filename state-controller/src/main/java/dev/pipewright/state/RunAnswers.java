package dev.pipewright.state;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Decision;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.run.Answer;
import dev.pipewright.protocol.run.Answer.Verdict;
import dev.pipewright.protocol.run.OpenWait;
import dev.pipewright.protocol.run.ParameterSpec;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.state.RunAttempt.Told;
import dev.pipewright.state.store.LogStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers to what runs wait for, from people, from the server, and from the clock. An answer is
 * stored with the attempt before it is seen, and puts a run that waits back into the queue.
 * Thread-safe.
 */
public final class RunAnswers {
  private static final Logger log = LoggerFactory.getLogger(RunAnswers.class);
  private static final int LONGEST_NOTE = 2_000;

  private final RunBook book;
  private final LogStore logs;
  private final InstantSource clock;

  RunAnswers(RunBook book, LogStore logs, InstantSource clock) {
    this.book = book;
    this.logs = logs;
    this.clock = clock;
  }

  /**
   * Gives an answer to the wait it names, which may have been told of already or not. May be
   * repeated: the first answer counts.
   *
   * @return false if it does not count, because that wait was answered otherwise (or before), the
   *     run is over, or another attempt is made
   */
  public boolean give(RunId run, int attempt, Answer answer) {
    RunEntry entry = book.entry(run);
    if (entry.record.over() || isAnswered(entry.record, answer.key())) {
      return false;
    }
    AtomicBoolean counts = new AtomicBoolean();
    book.changeIf(
        entry,
        draft -> {
          boolean taken =
              draft.before().attempt().number() == attempt && draft.answer(answer, clock.instant());
          counts.set(taken);
          return taken;
        });
    return counts.get();
  }

  private static boolean isAnswered(RunRecord run, String key) {
    return run.attempt().told().answers().stream().anyMatch(answer -> answer.key().equals(key));
  }

  /**
   * A person answers a step.
   *
   * @throws ApiException NOT_FOUND if nothing at that step waits for a person, CONFLICT if somebody
   *     was first, the time is over or the run is, MALFORMED with everything that is wrong with the
   *     values
   */
  public RunSnapshot decide(RunId id, Decision decision, String by) {
    StepPath path = Objects.requireNonNull(decision.path(), "A step is answered by its path.");
    RunEntry entry = book.entry(id);
    expire(entry);
    book.change(
        entry,
        draft -> {
          RunRecord run = draft.before();
          OpenWait wait = waiting(run, path);
          Map<String, String> values = values(wait.what().parameters(), decision);
          Answer answer =
              new Answer(
                  wait.key(),
                  decision.approved() ? Verdict.APPROVED : Verdict.REJECTED,
                  by,
                  Limits.shortenIfAny(decision.note(), LONGEST_NOTE),
                  clock.instant(),
                  values);
          if (!draft.answer(answer, clock.instant())) {
            throw new ApiException(
                Problem.Code.CONFLICT, "The step '" + path + "' was answered already.");
          }
        });
    return entry.snapshot(logs);
  }

  private static OpenWait waiting(RunRecord run, StepPath path) {
    if (run.over()) {
      throw new ApiException(
          Problem.Code.CONFLICT,
          "The run " + run.id() + " is finished, so nothing of it can be decided.");
    }
    Told told = run.attempt().told();
    Optional<OpenWait> open =
        told.waits().stream().filter(wait -> path.equals(wait.path())).findFirst();
    for (Answer answer : told.answers().reversed()) {
      String key = open.map(OpenWait::key).orElse(null);
      boolean own =
          key == null ? pathOf(answer.key()).equals(path.value()) : key.equals(answer.key());
      if (own && isForPeople(answer)) {
        throw new ApiException(
            Problem.Code.CONFLICT, "The step '%s' %s.".formatted(path, words(answer)));
      }
    }
    return open.filter(wait -> wait.what().isForPeople())
        .orElseThrow(
            () ->
                new ApiException(
                    Problem.Code.NOT_FOUND,
                    "The step '%s' of %s waits for no decision.".formatted(path, run.id()),
                    decidable(told)));
  }

  private static String decidable(Told told) {
    List<String> paths =
        told.waits().stream()
            .filter(wait -> wait.what().isForPeople() && wait.path() != null)
            .map(wait -> String.valueOf(wait.path()))
            .toList();
    return paths.isEmpty()
        ? "Nothing of this run waits for one."
        : "These do: " + String.join(", ", paths) + ".";
  }

  /** The path in a key: its names, without the places of nodes that have none. */
  static String pathOf(String key) {
    List<String> names = new ArrayList<>();
    String[] parts = key.split("/", -1);
    for (int i = 0; i < parts.length; i++) {
      if (parts[i].isEmpty()) {
        i++;
      } else {
        names.add(parts[i]);
      }
    }
    return String.join("/", names);
  }

  private static boolean isForPeople(Answer answer) {
    return switch (answer.verdict()) {
      case APPROVED, REJECTED, EXPIRED -> true;
      case GRANTED, ENDED, FAILED -> false;
    };
  }

  private static String words(Answer answer) {
    return answer.verdict() == Verdict.EXPIRED
        ? "has waited as long as it was to; nobody answered in time"
        : "was %s by %s already"
            .formatted(answer.verdict().name().toLowerCase(Locale.ROOT), answer.by());
  }

  /** The values with defaults; a rejection needs none, but what it has must be right. */
  private static Map<String, String> values(List<ParameterSpec> specs, Decision decision) {
    Map<String, String> given = new TreeMap<>(decision.values());
    Map<String, String> values = new HashMap<>();
    List<String> problems = new ArrayList<>();
    Set<String> known = new HashSet<>();
    for (ParameterSpec spec : specs) {
      known.add(spec.name());
      String value = given.getOrDefault(spec.name(), spec.defaultValue());
      if (value == null) {
        if (decision.approved()) {
          problems.add("'" + spec.name() + "' is missing.");
        }
        continue;
      }
      String problem = spec.problem(value);
      if (problem != null) {
        problems.add(problem);
      }
      values.put(spec.name(), value);
    }
    for (String name : given.keySet()) {
      if (!known.contains(name)) {
        problems.add("There is no '" + Limits.shorten(name, 100) + "'.");
      }
    }
    if (!problems.isEmpty()) {
      throw new ApiException(Problem.Code.MALFORMED, String.join(" ", problems), asked(specs));
    }
    return values;
  }

  private static String asked(List<ParameterSpec> specs) {
    return specs.isEmpty()
        ? "This step takes no values."
        : "It takes: " + String.join(", ", specs.stream().map(ParameterSpec::name).toList()) + ".";
  }

  /**
   * Ends the waits whose time is over, many of them at once: writes that come together share their
   * costs. To be called about twice a second.
   */
  public void expire() {
    List<RunId> due = book.deadlines().due(clock.instant());
    if (due.isEmpty()) {
      return;
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      due.forEach(run -> threads.execute(() -> expireNow(run)));
    }
  }

  private void expireNow(RunId run) {
    try {
      expire(book.entry(run));
    } catch (RuntimeException e) {
      log.atWarn().addKeyValue("run", run).setCause(e).log("Could not end a wait");
    }
  }

  private void expire(RunEntry entry) {
    Instant now = clock.instant();
    if (!isDue(entry.record, now)) {
      return;
    }
    book.changeIf(
        entry,
        draft -> {
          boolean changed = false;
          for (OpenWait wait : draft.before().attempt().told().waits()) {
            if (isDue(wait, now)) {
              changed |=
                  draft.answer(
                      new Answer(wait.key(), Verdict.EXPIRED, null, null, now, Map.of()), now);
            }
          }
          return changed;
        });
  }

  private static boolean isDue(RunRecord run, Instant now) {
    return run.attempt().told().waits().stream().anyMatch(wait -> isDue(wait, now));
  }

  private static boolean isDue(OpenWait wait, Instant now) {
    Instant until = wait.what().until();
    return until != null && !until.isAfter(now);
  }
}
