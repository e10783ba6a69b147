package dev.pipewright.state.http;

import static dev.pipewright.state.http.RouteDoc.of;

import dev.pipewright.protocol.api.Assignment;
import dev.pipewright.protocol.api.AuditEntry;
import dev.pipewright.protocol.api.CacheAnswer;
import dev.pipewright.protocol.api.CacheEntry;
import dev.pipewright.protocol.api.ClaimRenewal;
import dev.pipewright.protocol.api.Claimed;
import dev.pipewright.protocol.api.Control;
import dev.pipewright.protocol.api.Decision;
import dev.pipewright.protocol.api.DeliveryAccepted;
import dev.pipewright.protocol.api.DeliveryDone;
import dev.pipewright.protocol.api.DeliveryReceipt;
import dev.pipewright.protocol.api.DeliveryView;
import dev.pipewright.protocol.api.DeliveryWork;
import dev.pipewright.protocol.api.DownstreamRequest;
import dev.pipewright.protocol.api.EventBatch;
import dev.pipewright.protocol.api.ImageAnswer;
import dev.pipewright.protocol.api.ImageRequest;
import dev.pipewright.protocol.api.ImageResolved;
import dev.pipewright.protocol.api.ImageWork;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.api.LaunchReport;
import dev.pipewright.protocol.api.Lease;
import dev.pipewright.protocol.api.LockAnswer;
import dev.pipewright.protocol.api.LockRequest;
import dev.pipewright.protocol.api.LockView;
import dev.pipewright.protocol.api.LookDone;
import dev.pipewright.protocol.api.LookWork;
import dev.pipewright.protocol.api.ManualStart;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.api.NewToken;
import dev.pipewright.protocol.api.OutboxReport;
import dev.pipewright.protocol.api.OutboxView;
import dev.pipewright.protocol.api.OutboxWork;
import dev.pipewright.protocol.api.PipelineVersion;
import dev.pipewright.protocol.api.PipelineView;
import dev.pipewright.protocol.api.RerunRequest;
import dev.pipewright.protocol.api.RunTests;
import dev.pipewright.protocol.api.SecretSpec;
import dev.pipewright.protocol.api.SecretValues;
import dev.pipewright.protocol.api.SecretView;
import dev.pipewright.protocol.api.SecretsRequest;
import dev.pipewright.protocol.api.SideEnd;
import dev.pipewright.protocol.api.SideReport;
import dev.pipewright.protocol.api.SideRequest;
import dev.pipewright.protocol.api.SideView;
import dev.pipewright.protocol.api.SideWork;
import dev.pipewright.protocol.api.SignIn;
import dev.pipewright.protocol.api.SourceSpec;
import dev.pipewright.protocol.api.SourceView;
import dev.pipewright.protocol.api.SourceWithSecret;
import dev.pipewright.protocol.api.StatusSpec;
import dev.pipewright.protocol.api.StatusView;
import dev.pipewright.protocol.api.TestHistory;
import dev.pipewright.protocol.api.TokenSelf;
import dev.pipewright.protocol.api.TokenSpec;
import dev.pipewright.protocol.api.TokenView;
import dev.pipewright.protocol.api.VersionAnswer;
import dev.pipewright.protocol.api.VersionRequest;
import dev.pipewright.protocol.api.VersionResolved;
import dev.pipewright.protocol.api.VersionWork;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.run.RunSnapshot;
import java.util.HashMap;
import java.util.Map;

/** What each endpoint is for, what it takes and what it gives. */
final class RouteDocs {
  private static final String BYTES = "application/octet-stream";
  private static final String TEXT = "text/plain";

  private final Map<String, RouteDoc> docs = new HashMap<>();

  private RouteDocs() {}

  /** By method and path below {@code /api/v1}. */
  static Map<String, RouteDoc> all() {
    RouteDocs all = new RouteDocs();
    all.people();
    all.sources();
    all.deliveries();
    all.builders();
    all.runs();
    all.spawners();
    all.engines();
    all.wishes();
    return Map.copyOf(all.docs);
  }

  private void add(String route, RouteDoc doc) {
    docs.put(route, doc);
  }

  private void people() {
    add("GET /token", of("tell whose token this is").gives(TokenSelf.class));
    add("GET /session", of("tell who is signed in").gives(TokenSelf.class).orNothing());
    add("POST /session", of("open a session").takes(SignIn.class).gives(TokenSelf.class));
    add("DELETE /session", of("end a session"));
    add("GET /tokens", of("list tokens").givesPage(TokenView.class));
    add("POST /tokens", of("make a token").takes(TokenSpec.class).gives(201, NewToken.class));
    add("DELETE /tokens/:name", of("remove a token"));
    add("GET /audit", of("list what people did", "limit", "after").givesPage(AuditEntry.class));
    add("GET /locks", of("list locks").givesPage(LockView.class));
    add("POST /locks/:name/release", of("take a lock away").gives(LockView.class));
    add("GET /secrets", of("list secrets").givesPage(SecretView.class));
    add("POST /secrets", of("store a secret").takes(SecretSpec.class).gives(201, SecretView.class));
    add("DELETE /secrets/:name", of("remove a secret", "source"));
  }

  private void sources() {
    add("GET /sources", of("list sources").givesPage(SourceView.class));
    add("GET /sources/:name", of("show a source").gives(SourceView.class));
    add(
        "POST /sources",
        of("register a source").takes(SourceSpec.class).gives(201, SourceView.class));
    add("GET /sources/:name/secret", of("read a source's secret").gives(SourceWithSecret.class));
    add("GET /sources/:name/statuses", of("show where statuses go").gives(StatusView.class));
    add(
        "POST /sources/:name/statuses",
        of("set where statuses go").takes(StatusSpec.class).gives(StatusView.class));
    add("DELETE /sources/:name/statuses", of("end the reporting of statuses"));
    add("GET /pipelines", of("list pipelines").givesPage(PipelineView.class));
    add("GET /pipelines/:name", of("show a pipeline").gives(PipelineView.class));
    add(
        "GET /pipelines/:pipeline/tests",
        of("show the history of a test", "suite", "name", "limit").gives(TestHistory.class));
    add("GET /outbox", of("list messages", "limit", "after").givesPage(OutboxView.class));
    add("POST /outbox/claim", of("claim a message", "wait").gives(OutboxWork.class).orNothing());
    add("POST /outbox/:id/retry", of("try a message again").gives(OutboxView.class));
    add("POST /outbox/:id/done", of("report on a message").takes(OutboxReport.class));
  }

  private void deliveries() {
    add(
        "GET /deliveries",
        of("list deliveries", "source", "limit", "after").givesPage(DeliveryView.class));
    add("GET /deliveries/:id", of("show a delivery").gives(DeliveryView.class));
    add("POST /deliveries/:id/replay", of("replay a delivery").gives(DeliveryView.class));
    add(
        "POST /deliveries",
        of("store a delivery").takes(DeliveryReceipt.class).gives(201, DeliveryAccepted.class));
    add(
        "POST /deliveries/claim",
        of("claim a delivery", "wait").gives(DeliveryWork.class).orNothing());
    add("POST /deliveries/:id/lease", of("renew the claim of a delivery").takes(Lease.class));
    add("POST /deliveries/:id/done", of("end a delivery").takes(DeliveryDone.class));
    add(
        "POST /starts",
        of("start a pipeline").takes(ManualStart.class).gives(202, DeliveryAccepted.class));
    add("POST /looks/claim", of("claim a look at refs", "wait").gives(LookWork.class).orNothing());
    add("POST /looks/done", of("report the refs of a source").takes(LookDone.class));
  }

  private void builders() {
    add(
        "POST /version-requests",
        of("ask for the version of a commit", "wait")
            .takes(VersionRequest.class)
            .gives(VersionAnswer.class));
    add(
        "POST /version-requests/claim",
        of("claim a version request", "wait").gives(VersionWork.class).orNothing());
    add(
        "POST /version-requests/renew",
        of("renew the claim of a version request").takes(ClaimRenewal.class));
    add(
        "POST /version-requests/resolved",
        of("answer a version request").takes(VersionResolved.class));
    add("GET /versions/:key", of("show a version").gives(PipelineVersion.class).orNothing());
    add("POST /versions", of("store a version").takes(PipelineVersion.class));
    add(
        "POST /image-requests",
        of("ask for a runtime image", "wait").takes(ImageRequest.class).gives(ImageAnswer.class));
    add(
        "POST /image-requests/claim",
        of("claim an image request", "wait").gives(ImageWork.class).orNothing());
    add(
        "POST /image-requests/renew",
        of("renew the claim of an image request").takes(ClaimRenewal.class));
    add("POST /image-requests/resolved", of("answer an image request").takes(ImageResolved.class));
    add("GET /blobs/:digest", of("read a blob").givesRaw(BYTES));
    add("PUT /blobs/:digest", of("store a blob"));
  }

  private void runs() {
    add(
        "GET /runs",
        of("list runs", "pipeline", "state", "ref", "source", "by", "limit", "after")
            .givesPage(RunSnapshot.class));
    add("POST /runs", of("make a run").takes(NewRun.class).gives(201, RunSnapshot.class));
    add("GET /runs/:run", of("show a run", "after", "wait").gives(RunSnapshot.class));
    add("POST /runs/:run/cancel", of("cancel a run").gives(RunSnapshot.class));
    add(
        "POST /runs/:run/decisions",
        of("decide on a run").takes(Decision.class).gives(RunSnapshot.class));
    add(
        "POST /runs/:run/rerun",
        of("rerun a run").takes(RerunRequest.class).gives(RunSnapshot.class));
    add("GET /runs/:run/attempts/:attempt", of("show an attempt").gives(RunSnapshot.class));
    add("GET /runs/:run/events", of("list events").givesList(EventEnvelope.class));
    add("GET /runs/:run/tests", of("show test results", "attempt").gives(RunTests.class));
    add(
        "GET /runs/:run/logs/*",
        of("read the output of a step", "attempt", "offset", "limit").givesRaw(TEXT));
    add("GET /runs/:run/artifacts/*", of("read an artifact").givesRaw(BYTES));
  }

  private void spawners() {
    add(
        "POST /runs/claim",
        of("claim a run", "holder", "wait").gives(LaunchOrder.class).orNothing());
    add("GET /runs/claimed", of("list claimed runs", "holder").givesList(Claimed.class));
    add("POST /runs/:run/launched", of("report a launch").takes(LaunchReport.class));
    add("POST /runs/:run/ended", of("report the end of a launch").takes(LaunchEnd.class));
    add("POST /runs/:run/requeue", of("give a run back").takes(Lease.class));
    add("POST /runs/:run/sides/reported", of("report on a container").takes(SideReport.class));
    add(
        "POST /sides/claim",
        of("claim a container", "holder", "wait").gives(SideWork.class).orNothing());
    add("POST /runs/:run/lease", of("renew a lease").takes(Lease.class).gives(Control.class));
  }

  private void engines() {
    add("GET /runs/:run/assignment", of("read the assignment").gives(Assignment.class));
    add("GET /runs/:run/history", of("read all events").givesList(EventEnvelope.class));
    add("POST /runs/:run/events", of("report events").takes(EventBatch.class).gives(Control.class));
    add("POST /runs/:run/logs/*", of("append output", "fence", "offset", "at"));
  }

  private void wishes() {
    add(
        "POST /runs/:run/secrets",
        of("ask for secrets").takes(SecretsRequest.class).gives(SecretValues.class));
    add(
        "POST /runs/:run/locks",
        of("ask for a lock").takes(LockRequest.class).gives(LockAnswer.class));
    add("POST /runs/:run/locks/release", of("give a lock back").takes(LockRequest.class));
    add(
        "POST /runs/:run/downstream",
        of("start another pipeline")
            .takes(DownstreamRequest.class)
            .gives(202, DeliveryAccepted.class));
    add("GET /runs/:run/caches", of("find a cache", "key").gives(CacheAnswer.class));
    add("POST /runs/:run/caches", of("store a cache").takes(CacheEntry.class));
    add(
        "POST /runs/:run/sides",
        of("ask for a container").takes(SideRequest.class).gives(SideView.class));
    add(
        "GET /runs/:run/sides",
        of("show a container", "key", "known", "wait").gives(SideView.class));
    add("POST /runs/:run/sides/end", of("end a container").takes(SideEnd.class));
  }
}
