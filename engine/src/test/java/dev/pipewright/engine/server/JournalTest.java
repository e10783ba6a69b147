package dev.pipewright.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JournalTest {
  private static final RunEvent STARTED = new RunEvent.RunStarted("1");
  private static final RunEvent RESUMED = new RunEvent.RunResumed("1");
  private static final RunEvent A = new RunEvent.StepStarted(StepPath.of("a"), 1);
  private static final RunEvent DONE =
      new RunEvent.StepFinished(
          StepPath.of("a"), Outcome.SUCCEEDED, null, Map.of("v", "\"1\""), List.of());
  private static final RunEvent OVER = new RunEvent.RunFinished(Outcome.SUCCEEDED, null);

  private final Path file;
  private int second;

  JournalTest(@TempDir Path folder) {
    this.file = folder.resolve("journal");
  }

  private EventEnvelope at(long seq, RunEvent event) {
    return new EventEnvelope(seq, Instant.ofEpochSecond(second++), event);
  }

  private void write(long fence, EventEnvelope... events) throws IOException {
    try (Journal journal = Journal.open(file, fence)) {
      for (EventEnvelope event : events) {
        journal.append(event);
      }
    }
  }

  private List<EventEnvelope> missing(EventEnvelope... stored) throws IOException {
    try (Journal journal = Journal.open(file, 99)) {
      return journal.missing(List.of(stored));
    }
  }

  @Test
  void whatTheServerDoesNotHaveIsMissing() throws Exception {
    EventEnvelope one = at(1, STARTED);
    EventEnvelope two = at(2, A);
    EventEnvelope three = at(3, DONE);
    write(1, one, two, three);

    assertThat(missing(one)).containsExactly(two, three);
    assertThat(missing(one, two, three)).isEmpty();
    assertThat(missing()).containsExactly(one, two, three);
  }

  @Test
  void howALaunchBeganAndEndedIsNotAdopted() throws Exception {
    EventEnvelope one = at(1, STARTED);
    write(1, one, at(2, new RunEvent.RunWaiting("x")));
    write(2, at(1, RESUMED), at(2, A), at(3, OVER));

    assertThat(missing(one)).extracting(EventEnvelope::event).containsExactly(A);
  }

  @Test
  void aLaunchOfWhichTheServerHasNothingIsMissingWhole() throws Exception {
    EventEnvelope one = at(1, STARTED);
    EventEnvelope resumed = at(1, RESUMED);
    EventEnvelope begun = at(2, A);
    write(1, one);
    write(2, resumed, begun);

    assertThat(missing(one)).containsExactly(begun);
  }

  @Test
  void whatALaterLaunchHasToldAgainIsMissingOnce() throws Exception {
    EventEnvelope one = at(1, STARTED);
    EventEnvelope two = at(2, A);
    EventEnvelope three = at(3, DONE);
    write(1, one, two, three);
    write(2, new EventEnvelope(1, two.at(), two.event()));

    assertThat(missing(one)).extracting(EventEnvelope::event).containsExactly(A, DONE);
    assertThat(missing(one, new EventEnvelope(1, two.at(), two.event()))).containsExactly(three);
  }

  @Test
  void aJournalOfWhichTheServerKnowsNothingIsNotBelieved() throws Exception {
    write(1, at(1, STARTED), at(2, A));

    assertThat(missing(at(1, STARTED))).isEmpty();
  }

  @Test
  void aLineThatWasCutOffIsLeftOutAndWrittenOver() throws Exception {
    EventEnvelope one = at(1, STARTED);
    write(1, one);
    Files.write(
        file,
        "{\"fence\":1,\"events\":[{\"seq\":2,\"at\":\"20".getBytes(StandardCharsets.UTF_8),
        StandardOpenOption.APPEND);
    EventEnvelope next = at(1, A);

    write(2, next);

    assertThat(missing()).containsExactly(one, next);
  }

  @Test
  void anythingThatIsNoJournalIsEmpty() throws Exception {
    Files.writeString(file, "nonsense\n{}\n");

    assertThat(missing()).isEmpty();
  }
}
