package dev.pipewright.state.http;

import static dev.pipewright.state.http.RouteDoc.to;

import dev.pipewright.protocol.api.Assignment;
import dev.pipewright.protocol.api.AuditEntry;
import dev.pipewright.protocol.api.BackupOrder;
import dev.pipewright.protocol.api.CacheAnswer;
import dev.pipewright.protocol.api.CacheEntry;
import dev.pipewright.protocol.api.CancelRequest;
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
import dev.pipewright.protocol.api.ImagesKept;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.api.LaunchReport;
import dev.pipewright.protocol.api.Lease;
import dev.pipewright.protocol.api.LockAnswer;
import dev.pipewright.protocol.api.LockRequest;
import dev.pipewright.protocol.api.LockView;
import dev.pipewright.protocol.api.LogTime;
import dev.pipewright.protocol.api.LookDone;
import dev.pipewright.protocol.api.LookWork;
import dev.pipewright.protocol.api.ManualStart;
import dev.pipewright.protocol.api.MendingRequest;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.api.NewToken;
import dev.pipewright.protocol.api.OutboxReport;
import dev.pipewright.protocol.api.OutboxView;
import dev.pipewright.protocol.api.OutboxWork;
import dev.pipewright.protocol.api.PinView;
import dev.pipewright.protocol.api.PipelineVersion;
import dev.pipewright.protocol.api.PipelineView;
import dev.pipewright.protocol.api.PoolReport;
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
import dev.pipewright.protocol.api.SignInWays;
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
    add("GET /token", to("tell whose token this is").gives(TokenSelf.class));
    add("GET /session", to("tell who is signed in").gives(TokenSelf.class).orNothing());
    add("POST /session", to("open a session").takes(SignIn.class).gives(TokenSelf.class));
    add("DELETE /session", to("end a session"));
    add("GET /sign-in", to("tell how people can sign in").gives(SignInWays.class));
    add("GET /tokens", to("list tokens").givesPage(TokenView.class));
    add("POST /tokens", to("make a token").takes(TokenSpec.class).gives(201, NewToken.class));
    add("DELETE /tokens/:name", to("remove a token"));
    add("GET /audit", to("list what people did").inPages(500).givesPage(AuditEntry.class));
    add("POST /backup", to("make a backup").takes(BackupOrder.class).givesRaw("application/x-tar"));
    add("GET /locks", to("list locks").givesPage(LockView.class));
    add("POST /locks/:name/release", to("take a lock away").gives(LockView.class));
    add("GET /secrets", to("list secrets").givesPage(SecretView.class));
    add("POST /secrets", to("store a secret").takes(SecretSpec.class).gives(201, SecretView.class));
    add("DELETE /secrets/:name", to("remove a secret", "source"));
  }

  private void sources() {
    add("GET /sources", to("list sources").givesPage(SourceView.class));
    add("GET /sources/:name", to("show a source").gives(SourceView.class));
    add(
        "POST /sources",
        to("register a source").takes(SourceSpec.class).gives(201, SourceView.class));
    add("GET /sources/:name/secret", to("read a source's secret").gives(SourceWithSecret.class));
    add("GET /sources/:name/statuses", to("show where statuses go").gives(StatusView.class));
    add(
        "POST /sources/:name/statuses",
        to("set where statuses go").takes(StatusSpec.class).gives(StatusView.class));
    add("DELETE /sources/:name/statuses", to("end the reporting of statuses"));
    add("GET /pipelines", to("list pipelines").givesPage(PipelineView.class));
    add("GET /pipelines/:name", to("show a pipeline").gives(PipelineView.class));
    add(
        "POST /pipelines/:name/mending",
        to("say that one is on a broken pipeline, or not any more")
            .takes(MendingRequest.class)
            .gives(PipelineView.class));
    add(
        "GET /pipelines/:pipeline/tests",
        to("show the history of a test", "suite", "name", "limit").gives(TestHistory.class));
    add("GET /outbox", to("list messages").inPages(200).givesPage(OutboxView.class));
    add("POST /outbox/claim", to("claim a message", "wait").gives(OutboxWork.class).orNothing());
    add("POST /outbox/:id/retry", to("try a message again").gives(OutboxView.class));
    add("POST /outbox/:id/done", to("report on a message").takes(OutboxReport.class));
  }

  private void deliveries() {
    add(
        "GET /deliveries",
        to("list deliveries", "source").inPages(200).givesPage(DeliveryView.class));
    add("GET /deliveries/:id", to("show a delivery").gives(DeliveryView.class));
    add("POST /deliveries/:id/replay", to("replay a delivery").gives(DeliveryView.class));
    add(
        "POST /deliveries",
        to("store a delivery")
            .takes(DeliveryReceipt.class)
            .gives(201, DeliveryAccepted.class)
            .or(200));
    add(
        "POST /deliveries/claim",
        to("claim a delivery", "wait").gives(DeliveryWork.class).orNothing());
    add("POST /deliveries/:id/lease", to("renew the claim of a delivery").takes(Lease.class));
    add("POST /deliveries/:id/done", to("end a delivery").takes(DeliveryDone.class));
    add(
        "POST /starts",
        to("start a pipeline").takes(ManualStart.class).gives(202, DeliveryAccepted.class));
    add("POST /looks/claim", to("claim a look at refs", "wait").gives(LookWork.class).orNothing());
    add("POST /looks/done", to("report the refs of a source").takes(LookDone.class));
  }

  private void builders() {
    add("POST /pools", to("report on engines that wait for a run").takes(PoolReport.class));
    add("GET /images/kept", to("list the images that are needed").gives(ImagesKept.class));
    add(
        "POST /version-requests",
        to("ask for the version of a commit", "wait")
            .takes(VersionRequest.class)
            .gives(VersionAnswer.class));
    add(
        "POST /version-requests/claim",
        to("claim a version request", "wait").gives(VersionWork.class).orNothing());
    add(
        "POST /version-requests/renew",
        to("renew the claim of a version request").takes(ClaimRenewal.class));
    add(
        "POST /version-requests/resolved",
        to("answer a version request").takes(VersionResolved.class));
    add("GET /versions/:key", to("show a version").gives(PipelineVersion.class).orNothing());
    add("POST /versions", to("store a version").takes(PipelineVersion.class));
    add(
        "POST /image-requests",
        to("ask for a runtime image", "wait").takes(ImageRequest.class).gives(ImageAnswer.class));
    add(
        "POST /image-requests/claim",
        to("claim an image request", "wait").gives(ImageWork.class).orNothing());
    add(
        "POST /image-requests/renew",
        to("renew the claim of an image request").takes(ClaimRenewal.class));
    add("POST /image-requests/resolved", to("answer an image request").takes(ImageResolved.class));
    add("GET /blobs/:digest", to("read a blob").givesRaw(BYTES));
    add("PUT /blobs/:digest", to("store a blob").takesRaw(BYTES));
  }

  private void runs() {
    add("POST /runs/:run/pin", to("keep a run for good").gives(PinView.class));
    add("POST /runs/:run/unpin", to("keep a run no longer than others"));
    add("GET /pins", to("list pinned runs").givesPage(PinView.class));
    add(
        "GET /runs",
        to("list runs", "pipeline", "state", "ref", "source", "by")
            .inPages(200)
            .givesPage(RunSnapshot.class));
    add("POST /runs", to("make a run").takes(NewRun.class).gives(201, RunSnapshot.class).or(200));
    add("GET /runs/:run", to("show a run", "after", "wait").gives(RunSnapshot.class));
    add(
        "POST /runs/:run/cancel",
        to("cancel a run").mayTake(CancelRequest.class).gives(RunSnapshot.class));
    add(
        "POST /runs/:run/decisions",
        to("decide on a run").takes(Decision.class).gives(RunSnapshot.class));
    add(
        "POST /runs/:run/rerun",
        to("rerun a run").mayTake(RerunRequest.class).gives(RunSnapshot.class));
    add("GET /runs/:run/attempts/:attempt", to("show an attempt").gives(RunSnapshot.class));
    add("GET /runs/:run/events", to("list events").givesList(EventEnvelope.class));
    add("GET /runs/:run/tests", to("show test results", "attempt").gives(RunTests.class));
    add(
        "GET /runs/:run/logs/*",
        to("read the output of a step", "attempt", "offset", "limit").givesRaw(TEXT).or(206, 416));
    add(
        "GET /runs/:run/times/*",
        to("list when the output of a step was printed", "attempt", "from", "limit")
            .givesPage(LogTime.class));
    add("GET /runs/:run/artifacts/*", to("read an artifact").givesRaw(BYTES));
  }

  private void spawners() {
    add(
        "POST /runs/claim",
        to("claim a run", "holder", "wait").gives(LaunchOrder.class).orNothing());
    add("GET /runs/claimed", to("list claimed runs", "holder").givesList(Claimed.class));
    add("POST /runs/:run/launched", to("report a launch").takes(LaunchReport.class));
    add("POST /runs/:run/ended", to("report the end of a launch").takes(LaunchEnd.class));
    add("POST /runs/:run/requeue", to("give a run back").takes(Lease.class));
    add("POST /runs/:run/sides/reported", to("report on a container").takes(SideReport.class));
    add(
        "POST /sides/claim",
        to("claim a container", "holder", "wait").gives(SideWork.class).orNothing());
    add("POST /runs/:run/lease", to("renew a lease").takes(Lease.class).gives(Control.class));
  }

  private void engines() {
    add("GET /runs/:run/assignment", to("read the assignment").gives(Assignment.class));
    add("GET /runs/:run/history", to("read all events").givesList(EventEnvelope.class));
    add("POST /runs/:run/events", to("report events").takes(EventBatch.class).gives(Control.class));
    add("POST /runs/:run/logs/*", to("append output", "fence", "offset", "at").takesRaw(BYTES));
  }

  private void wishes() {
    add(
        "POST /runs/:run/secrets",
        to("ask for secrets").takes(SecretsRequest.class).gives(SecretValues.class));
    add(
        "POST /runs/:run/locks",
        to("ask for a lock").takes(LockRequest.class).gives(LockAnswer.class));
    add("POST /runs/:run/locks/release", to("give a lock back").takes(LockRequest.class));
    add(
        "POST /runs/:run/downstream",
        to("start another pipeline")
            .takes(DownstreamRequest.class)
            .gives(202, DeliveryAccepted.class));
    add("GET /runs/:run/caches", to("find a cache", "key").gives(CacheAnswer.class));
    add("POST /runs/:run/caches", to("store a cache").takes(CacheEntry.class));
    add(
        "POST /runs/:run/sides",
        to("ask for a container").takes(SideRequest.class).gives(SideView.class));
    add(
        "GET /runs/:run/sides",
        to("show a container", "key", "known", "wait").gives(SideView.class));
    add("POST /runs/:run/sides/end", to("end a container").takes(SideEnd.class));
  }
}
