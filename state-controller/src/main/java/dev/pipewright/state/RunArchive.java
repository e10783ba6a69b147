package dev.pipewright.state;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.StepSnapshot;
import dev.pipewright.state.store.LogKey;
import dev.pipewright.state.store.LogStore;
import dev.pipewright.state.store.Shelf;
import dev.pipewright.state.store.Storage;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The earlier attempts of runs, {@code shop#42.1}. An attempt is stored before the run goes on to
 * the next one; after a crash between the two it is stored once more. Thread-safe.
 */
final class RunArchive {
  private final Shelf<RunSnapshot> shelf;
  private final LogStore logs;

  RunArchive(Storage storage) {
    this.shelf = storage.shelf("attempts", RunSnapshot.class);
    this.logs = storage.logs();
  }

  /** Keeps attempts as they ended. */
  void keep(List<RunSnapshot> ended) {
    ended.forEach(attempt -> shelf.put(id(attempt.id(), attempt.attempt()), attempt));
  }

  /** An attempt with its steps, its plan and the sizes of its logs. */
  Optional<RunSnapshot> find(RunId run, int attempt) {
    return shelf.find(id(run, attempt)).map(Shelf.Held::value).map(this::sized);
  }

  /** Removes all attempts before {@code present}, which may be repeated. */
  void remove(RunId run, int present) {
    shelf.remove(IntStream.range(1, present).mapToObj(number -> id(run, number)).toList());
  }

  private RunSnapshot sized(RunSnapshot run) {
    List<StepSnapshot> sized =
        run.steps().stream()
            .map(
                step ->
                    StepChange.sized(
                        step, logs.length(new LogKey(run.id(), run.attempt(), step.path()))))
            .toList();
    return run.withSteps(sized, run.plan());
  }

  private static String id(RunId run, int attempt) {
    return run + "." + attempt;
  }
}
