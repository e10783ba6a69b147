package dev.pipewright.state;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.run.Answer;

/** Gives the answers that the server itself has for runs that wait. Thread-safe. */
@FunctionalInterface
interface AnswerGiver {

  /**
   * Keeps an answer for an attempt and wakes the run. May be repeated: the first answer to a wait
   * counts.
   */
  void give(RunId run, int attempt, Answer answer);
}
