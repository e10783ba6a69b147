package dev.pipewright.state;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.DeliveryReceipt;
import dev.pipewright.protocol.api.DeliveryView;
import dev.pipewright.protocol.api.ManualStart;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A delivery as it is kept.
 *
 * @param arrival its place in the order of arrival
 * @param manual the wish of a person, if that is what it is
 * @param done true once nothing is to be done about it any more
 */
public record DeliveryRecord(
    String id,
    long arrival,
    DeliveryReceipt receipt,
    @Nullable ManualStart manual,
    Instant receivedAt,
    boolean done,
    List<RunId> runs,
    @Nullable String problem) {

  public DeliveryRecord {
    runs = List.copyOf(runs);
  }

  DeliveryRecord finished(List<RunId> caused, @Nullable String why) {
    return new DeliveryRecord(id, arrival, receipt, manual, receivedAt, true, caused, why);
  }

  DeliveryView view() {
    return new DeliveryView(
        id,
        receipt.source(),
        receipt.event(),
        receipt.verdict(),
        receipt.reason(),
        receipt.changes(),
        runs,
        receivedAt,
        done ? "DONE" : "RECEIVED",
        problem);
  }
}
