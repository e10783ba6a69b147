package dev.pipewright.state;

import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.DeliveryState;
import dev.pipewright.protocol.api.Verdict;
import java.time.Instant;

/**
 * What is kept in memory of a delivery, so that ten thousand of them cost little.
 *
 * @param arrival its place in the order of arrival
 * @param ofRun whether a run has asked for it
 * @param ofLook whether a look at a repository has made it
 */
record DeliveryEntry(
    String id,
    long arrival,
    SourceName source,
    Verdict verdict,
    boolean ofRun,
    boolean ofLook,
    DeliveryState state,
    Instant receivedAt) {

  static DeliveryEntry of(DeliveryRecord record) {
    boolean ofRun = record.manual() != null && record.receipt().event().equals(Downstreams.KIND);
    return new DeliveryEntry(
        record.id(),
        record.arrival(),
        record.source(),
        record.receipt().verdict(),
        ofRun,
        record.receipt().event().equals(Reconciler.EVENT),
        record.state(),
        record.receivedAt());
  }
}
