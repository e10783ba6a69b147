package dev.pipewright.engine.server;

import dev.pipewright.engine.history.History;
import dev.pipewright.engine.history.Opening;
import dev.pipewright.engine.history.RefusedException;
import dev.pipewright.engine.history.Takeover;
import dev.pipewright.engine.plan.Planned;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.Assignment;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Artifact;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a launch begins: at the start, where the last one was, or with a further attempt. Decided
 * from what the server has stored, from the journal, and from whether the workspace is still there.
 *
 * @param opening what is told and known first
 * @param adopted events of earlier launches that the server does not have; told before anything
 * @param isFresh whether the workspace begins empty
 * @param restored files that are put into it before the first step
 */
public record ServerStart(
    Opening opening, List<EventEnvelope> adopted, boolean isFresh, List<Artifact> restored) {
  public ServerStart {
    adopted = List.copyOf(adopted);
    restored = List.copyOf(restored);
  }

  /**
   * Decides.
   *
   * @param stored all events the server has, oldest first
   * @throws RefusedException if the attempt that is wanted cannot be had
   */
  public static ServerStart of(
      Assignment assignment, Planned planned, List<EventEnvelope> stored, Site site, String engine)
      throws RefusedException, IOException {
    boolean there = site.folder().isOf(assignment.run());
    History told = History.of(stored);
    if (told.attempt() > 0 && assignment.attempt() > told.attempt()) {
      return again(assignment, planned, told, there, site.now(), engine);
    }
    List<EventEnvelope> adopted = there ? site.journal().missing(stored) : List.of();
    List<EventEnvelope> all = new ArrayList<>(stored);
    all.addAll(adopted);
    History history = History.of(all);
    if (history.attempt() == 0) {
      RunEvent.RunStarted first =
          new RunEvent.RunStarted(engine, assignment.attempt(), null, assignment.reason());
      // No engine of an earlier attempt ever told anything, but the keys of waits hold the number.
      Opening opening =
          assignment.attempt() > 1
              ? Opening.again(first, List.of(), site.now())
              : new Opening(List.of(first), History.NONE, false);
      return new ServerStart(opening, List.of(), !there, List.of());
    }
    boolean nothingDone = planned.steps().stream().noneMatch(history::hasBegun);
    if (there || nothingDone) {
      return goingOn(Opening.resumed(engine, history), adopted, !there, site.now());
    }
    RunEvent.RunStarted lost =
        new RunEvent.RunStarted(engine, history.attempt() + 1, null, "the workspace was lost");
    Takeover kept = Takeover.afterLoss(planned, history);
    return new ServerStart(
        Opening.again(lost, kept.events(), site.now()), List.of(), true, List.of());
  }

  /** A launch says that it goes on before it tells what an earlier one could not. */
  private static ServerStart goingOn(
      Opening opening, List<EventEnvelope> adopted, boolean isFresh, Instant now) {
    if (adopted.isEmpty() || adopted.getFirst().event() instanceof RunEvent.RunStarted) {
      return new ServerStart(opening, adopted, isFresh, List.of());
    }
    List<EventEnvelope> told = new ArrayList<>();
    opening.events().forEach(event -> told.add(new EventEnvelope(told.size() + 1, now, event)));
    told.addAll(adopted);
    return new ServerStart(
        new Opening(List.of(), opening.history(), true), told, isFresh, List.of());
  }

  /**
   * Where the launch takes place.
   *
   * @param journal of the folder
   */
  public record Site(RunFolder folder, Journal journal, Instant now) {}

  /** Another attempt that a person has asked for. */
  private static ServerStart again(
      Assignment assignment,
      Planned planned,
      History before,
      boolean there,
      Instant now,
      String engine)
      throws RefusedException {
    StepPath from = assignment.from();
    RunEvent.RunStarted started =
        new RunEvent.RunStarted(engine, assignment.attempt(), from, assignment.reason());
    if (from == null) {
      return new ServerStart(Opening.again(started, List.of(), now), List.of(), true, List.of());
    }
    Takeover takeover =
        there
            ? Takeover.from(planned, before, from)
            : Takeover.withoutWorkspace(planned, before, from);
    return new ServerStart(
        Opening.again(started, takeover.events(), now),
        List.of(),
        !there,
        there ? List.of() : takeover.artifacts());
  }
}
