package dev.pipewright.test;

import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.test.play.Ledger;
import dev.pipewright.test.play.Play;

/** Everything that happened in a run, one line each, for the messages of assertions. */
final class Happened {
  private Happened() {}

  static String of(Play.Played played) {
    StringBuilder text = new StringBuilder();
    int number = 0;
    for (Ledger.Entry entry : played.ledger().entries()) {
      switch (entry) {
        case Ledger.Told(int launch, EventEnvelope envelope) ->
            text.append(
                "%4d  engine %d, %s  %s%n"
                    .formatted(++number, launch, envelope.at(), envelope.event()));
        case Ledger.Performed performed ->
            text.append("      the work of '%s' begins%n".formatted(performed.step()));
        case Ledger.Said said ->
            text.append("      somebody says of '%s': %s%n".formatted(said.step(), said.end()));
        case Ledger.Command command ->
            text.append("      %s: %s%n".formatted(command.step(), command.text()));
        case Ledger.Started started ->
            text.append("      started %s%n".formatted(started.pipeline()));
      }
    }
    return text.toString();
  }
}
