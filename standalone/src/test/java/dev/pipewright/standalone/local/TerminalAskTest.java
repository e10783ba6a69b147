package dev.pipewright.standalone.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.run.Answer;
import dev.pipewright.protocol.run.OpenWait;
import dev.pipewright.protocol.run.ParameterSpec;
import dev.pipewright.protocol.run.Wait;
import dev.pipewright.standalone.CommandException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TerminalAskTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final ParameterSpec VERSION =
      new ParameterSpec("version", ParameterSpec.Kind.TEXT, "", List.of(), null);
  private static final ParameterSpec END =
      new ParameterSpec(
          "end", ParameterSpec.Kind.CHOICE, "", List.of("happened", "failed", "again"), null);

  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private final Cancellation cancellation = Cancellation.root();
  private final Deque<String> typed = new ArrayDeque<>();
  private int paused;

  private static OpenWait wait(
      Wait.Kind kind, String path, @Nullable Instant until, ParameterSpec... specs) {
    return new OpenWait(
        "key of " + path,
        new StepPath(path),
        new Wait(kind, "Ship it?", List.of(), List.of(specs), until),
        NOW);
  }

  private TerminalAsk ask(
      boolean terminal, List<String> approved, List<String> rejected, Map<String, String> values) {
    return new TerminalAsk(
        new TerminalAsk.Decisions(approved, rejected, values, true, "ann"),
        new TerminalAsk.Dialog(
            terminal ? _ -> next() : null,
            new PrintStream(shown, true, StandardCharsets.UTF_8),
            () -> paused++,
            () -> {}),
        cancellation,
        () -> NOW);
  }

  private String next() {
    if (typed.isEmpty()) {
      throw new CommandException("interrupted", 130);
    }
    return typed.remove();
  }

  private TerminalAsk atATerminal(String... lines) {
    typed.addAll(Arrays.asList(lines));
    return ask(true, List.of(), List.of(), Map.of());
  }

  @Test
  void theCommandLineAnswersWithoutAnyQuestion() {
    TerminalAsk ask = ask(true, List.of("ship"), List.of("b", "c"), Map.of("version", "v1"));
    List<Answer> answers =
        ask.answer(
            List.of(
                wait(Wait.Kind.APPROVAL, "ship", null, VERSION),
                wait(Wait.Kind.APPROVAL, "b", null)));
    assertThat(answers)
        .containsExactly(
            new Answer(
                "key of ship", Answer.Verdict.APPROVED, "ann", null, NOW, Map.of("version", "v1")),
            new Answer("key of b", Answer.Verdict.REJECTED, "ann", null, NOW, Map.of()));
    assertThat(paused).isZero();
    assertThat(ask.unused()).containsExactly("c");
  }

  @Test
  void everyWrongParameterOfTheCommandLineIsNamed() {
    TerminalAsk ask = ask(false, List.of("ship"), List.of(), Map.of());
    assertThatThrownBy(() -> ask.answer(List.of(wait(Wait.Kind.APPROVAL, "ship", null, VERSION))))
        .hasMessage("Could not approve ship:\n  'version' must be given.");
  }

  @Test
  void aParameterThatNoApprovalTakesIsNamedOnceAllHadTheirTurn() {
    ParameterSpec ticket = new ParameterSpec("ticket", VERSION.kind(), "", List.of(), null);
    Map<String, String> values = Map.of("ticket", "t", "version", "v", "bogus", "1");
    TerminalAsk ask = ask(false, List.of("check", "ship"), List.of(), values);

    assertThat(ask.answer(List.of(wait(Wait.Kind.APPROVAL, "check", null, ticket))).getFirst())
        .satisfies(answer -> assertThat(answer.values()).isEqualTo(Map.of("ticket", "t")));
    assertThatThrownBy(() -> ask.answer(List.of(wait(Wait.Kind.APPROVAL, "ship", null, VERSION))))
        .hasMessage("Could not approve ship:\n  There is no parameter 'bogus'. There is version.");
  }

  @Test
  void withoutATerminalNobodyAnswers() {
    assertThat(
            ask(false, List.of(), List.of(), Map.of())
                .answer(List.of(wait(Wait.Kind.APPROVAL, "ship", null))))
        .isEmpty();
  }

  @Test
  void aPersonIsAskedUntilTheAnswerIsClear() {
    List<Answer> answers =
        atATerminal("perhaps", "approve", "", "v2")
            .answer(List.of(wait(Wait.Kind.APPROVAL, "ship", null, VERSION)));
    assertThat(answers.getFirst().verdict()).isEqualTo(Answer.Verdict.APPROVED);
    assertThat(answers.getFirst().values()).isEqualTo(Map.of("version", "v2"));
    assertThat(shown.toString(StandardCharsets.UTF_8))
        .contains("ship waits for approval: Ship it?", "Type 'approve'");
    assertThat(paused).isOne();
  }

  @Test
  void aRejectionTakesItsReason() {
    Answer answer =
        atATerminal("reject not on a Friday")
            .answer(List.of(wait(Wait.Kind.APPROVAL, "ship", null)))
            .getFirst();
    assertThat(answer.verdict()).isEqualTo(Answer.Verdict.REJECTED);
    assertThat(answer.note()).isEqualTo("not on a Friday");
  }

  @Test
  void aStepOfUnknownEndIsAskedHowItEnded() {
    Answer answer =
        atATerminal("no idea", "again")
            .answer(List.of(wait(Wait.Kind.UNKNOWN_END, "deploy", null, END)))
            .getFirst();
    assertThat(answer.values()).isEqualTo(Map.of("end", "again"));
  }

  @Test
  void anAnswerThatComesTooLateIsNoAnswer() {
    Answer answer =
        atATerminal("approve").answer(List.of(wait(Wait.Kind.APPROVAL, "ship", NOW))).getFirst();
    assertThat(answer.verdict()).isEqualTo(Answer.Verdict.EXPIRED);
  }

  @Test
  void anInterruptAtTheQuestionCancelsTheRun() {
    assertThat(atATerminal().answer(List.of(wait(Wait.Kind.APPROVAL, "ship", null)))).isEmpty();
    assertThat(cancellation.isCancelled()).isTrue();
  }

  @Test
  void onlyRealTerminalsAreDrawnUpon() {
    assertThat(RunView.canRedraw(Map.of("TERM", "xterm"))).isTrue();
    assertThat(RunView.canRedraw(Map.of("TERM", "dumb"))).isFalse();
    assertThat(RunView.canRedraw(Map.of())).isFalse();
    assertThat(RunView.canRedraw(Map.of("TERM", "xterm", "CI", "true"))).isFalse();
    assertThat(RunView.canRedraw(Map.of("TERM", "xterm", "CI", "false"))).isTrue();
  }
}
