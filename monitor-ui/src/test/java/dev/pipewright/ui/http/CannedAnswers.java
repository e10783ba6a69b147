package dev.pipewright.ui.http;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Decision;
import dev.pipewright.protocol.api.LockView;
import dev.pipewright.protocol.api.LogTime;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.RerunRequest;
import dev.pipewright.protocol.api.RunTests;
import dev.pipewright.protocol.api.TestHistory;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.OpenWait;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.ParameterSpec;
import dev.pipewright.protocol.run.PastAttempt;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What people say about runs and what came of them: decisions, further attempts, tests, locks. It
 * checks what it is told as the protocol says, and changes the runs of its server. Thread-safe.
 */
final class CannedAnswers {
  /** Earlier attempts, by run and number as in {@code shop#42.1}. */
  final Map<String, RunSnapshot> attempts = new ConcurrentHashMap<>();

  /** Tests, by run and attempt as in {@code shop#42.1}. */
  final Map<String, RunTests> tests = new ConcurrentHashMap<>();

  /** Histories, by suite and name as in {@code BasketTest.survives}. */
  final Map<String, TestHistory> histories = new ConcurrentHashMap<>();

  /** When output was printed, by run and step as in {@code shop#42/build}. */
  final Map<String, List<LogTime>> times = new ConcurrentHashMap<>();

  final List<LockView> locks = new CopyOnWriteArrayList<>();

  /** Steps from which no run can be tried again. */
  final List<StepPath> lost = new CopyOnWriteArrayList<>();

  private final CannedServer server;

  CannedAnswers(CannedServer server) {
    this.server = server;
  }

  static String name(RunId run, int attempt) {
    return run + "." + attempt;
  }

  /** The tests of an attempt, of the last one if {@code attempt} is null. */
  @Nullable RunTests testsOf(RunId run, @Nullable String attempt) {
    return tests.get(name(run, attempt == null ? run(run).attempt() : Integer.parseInt(attempt)));
  }

  /** The times of some output, beginning with the one that holds for that byte. */
  List<LogTime> timesOf(String output, long from) {
    List<LogTime> all = times.getOrDefault(output, List.of());
    long known = all.stream().filter(time -> time.offset() <= from).count();
    return all.subList((int) Math.max(0, known - 1), all.size());
  }

  /** Answers the wait of a step; the run goes on with it. */
  RunSnapshot decide(RunId id, Buffer body) {
    Decision decision = Json.read(body.getBytes(), Decision.class);
    RunSnapshot run = run(id);
    OpenWait wait =
        run.waits().stream()
            .filter(
                open -> Objects.equals(decision.path(), open.path()) && open.what().isForPeople())
            .findAny()
            .orElseThrow(
                () -> problem(Problem.Code.NOT_FOUND, "Nothing waits at that path.", null));
    List<String> wrong = new ArrayList<>();
    if (decision.approved()) {
      wait.what().parameters().forEach(spec -> check(spec, decision, wrong));
    }
    if (!wrong.isEmpty()) {
      throw problem(Problem.Code.MALFORMED, String.join(" ", wrong), "It takes: version, region.");
    }
    List<OpenWait> left = run.waits().stream().filter(open -> !open.equals(wait)).toList();
    RunSnapshot next = Samples.standing(run, Phase.RUNNING, null, run.attempt(), left);
    server.put(next);
    return next;
  }

  private static void check(ParameterSpec spec, Decision decision, List<String> wrong) {
    String value = decision.values().getOrDefault(spec.name(), spec.defaultValue());
    String found = value == null ? "'%s' is missing.".formatted(spec.name()) : spec.problem(value);
    if (found == null && Objects.equals(value, "tomorrow")) {
      found = "'%s' is no version.".formatted(spec.name());
    }
    if (found != null) {
      wrong.add(found);
    }
  }

  /** Begins another attempt of a finished run. */
  RunSnapshot rerun(RunId id, Buffer body) {
    RerunRequest request = Json.read(body.getBytes(), RerunRequest.class);
    RunSnapshot run = run(id);
    if (request.from() != null && lost.contains(request.from())) {
      throw problem(
          Problem.Code.CONFLICT,
          "It cannot begin at " + request.from() + ".",
          "Its workspace is gone, and 'checkout' keeps no files. Rerun it from the start.");
    }
    Outcome outcome = run.outcome();
    if (outcome == null) {
      throw problem(Problem.Code.CONFLICT, "The run is not over.", null);
    }
    attempts.put(name(id, run.attempt()), run);
    List<PastAttempt> past = new ArrayList<>(run.attempts());
    past.add(
        new PastAttempt(run.attempt(), outcome, run.reason(), run.startedAt(), Samples.endOf(run)));
    RunSnapshot next =
        Samples.withAttempts(
            Samples.standing(run, Phase.QUEUED, null, run.attempt() + 1, List.of()), past);
    server.put(next);
    return next;
  }

  /** Gives a lock to the first that waits for it. */
  LockView release(String name) {
    LockView lock =
        locks.stream()
            .filter(known -> known.name().equals(name))
            .findAny()
            .orElseThrow(() -> problem(Problem.Code.NOT_FOUND, "There is no such lock.", null));
    List<LockView.Claim> waiting = lock.waiting();
    LockView next =
        new LockView(
            name,
            waiting.isEmpty() ? null : waiting.getFirst(),
            waiting.isEmpty() ? waiting : waiting.subList(1, waiting.size()));
    locks.set(locks.indexOf(lock), next);
    return next;
  }

  private RunSnapshot run(RunId id) {
    RunSnapshot run = server.runs.get(id);
    if (run == null) {
      throw problem(Problem.Code.NOT_FOUND, "There is no such run.", null);
    }
    return run;
  }

  private static ApiException problem(Problem.Code code, String title, @Nullable String detail) {
    return new ApiException(Problem.of(code, title, detail));
  }
}
