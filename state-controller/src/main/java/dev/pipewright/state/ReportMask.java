package dev.pipewright.state;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent.TestsFound;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.TestReport;
import dev.pipewright.state.mask.EventMask;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hides secrets in reports of tests: the event then names a report without them, as the bytes of
 * the one that was brought cannot change. Thread-safe.
 */
final class ReportMask {
  private static final Logger log = LoggerFactory.getLogger(ReportMask.class);

  private final Blobs blobs;

  ReportMask(Blobs blobs) {
    this.blobs = blobs;
  }

  /** The event, naming a report without secrets if it is one that names a report. */
  EventEnvelope masked(EventEnvelope envelope, EventMask mask) {
    if (!(envelope.event() instanceof TestsFound found)) {
      return envelope;
    }
    BlobDigest clean = clean(found.report(), mask);
    return clean.equals(found.report())
        ? envelope
        : new EventEnvelope(
            envelope.seq(), envelope.at(), new TestsFound(found.path(), found.counts(), clean));
  }

  private BlobDigest clean(BlobDigest report, EventMask mask) {
    if (blobs.size(report).filter(size -> size <= TestReports.LARGEST).isEmpty()) {
      return report;
    }
    try (InputStream content = blobs.open(report).orElseThrow(() -> new IOException("Gone."))) {
      TestReport read = Json.read(content.readNBytes(TestReports.LARGEST), TestReport.class);
      TestReport masked = mask.report(read);
      if (masked.equals(read)) {
        return report;
      }
      byte[] bytes = Json.bytes(masked);
      BlobDigest digest = BlobDigest.of(bytes);
      boolean unused = blobs.put(digest, new ByteArrayInputStream(bytes));
      return digest;
    } catch (IOException | ProtocolException e) {
      log.atDebug().addKeyValue("blob", report).setCause(e).log("Test report cannot be read");
      return report;
    }
  }
}
