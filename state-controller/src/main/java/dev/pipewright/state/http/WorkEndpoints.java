package dev.pipewright.state.http;

import static dev.pipewright.state.http.Endpoint.get;
import static dev.pipewright.state.http.Endpoint.post;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.ClaimRenewal;
import dev.pipewright.protocol.api.DeliveryAccepted;
import dev.pipewright.protocol.api.DeliveryDone;
import dev.pipewright.protocol.api.DeliveryReceipt;
import dev.pipewright.protocol.api.ImageRequest;
import dev.pipewright.protocol.api.ImageResolved;
import dev.pipewright.protocol.api.Lease;
import dev.pipewright.protocol.api.LookDone;
import dev.pipewright.protocol.api.ManualStart;
import dev.pipewright.protocol.api.MendingRequest;
import dev.pipewright.protocol.api.PipelineVersion;
import dev.pipewright.protocol.api.PoolReport;
import dev.pipewright.protocol.api.SourceSpec;
import dev.pipewright.protocol.api.VersionRequest;
import dev.pipewright.protocol.api.VersionResolved;
import dev.pipewright.state.UseCases;
import dev.pipewright.state.metrics.Meters;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The routes of everything that leads to runs: sources, deliveries, versions, images. */
final class WorkEndpoints {
  private static final int USUAL_PAGE = 50;

  private final UseCases cases;
  private final Meters meters;

  WorkEndpoints(UseCases cases, Meters meters) {
    this.cases = cases;
    this.meters = meters;
  }

  List<Endpoint> all() {
    return Stream.of(people(), builders()).flatMap(List::stream).toList();
  }

  private List<Endpoint> people() {
    return List.of(
        get(
            "/token",
            Need.ANYBODY,
            call -> Reply.ok(Objects.requireNonNull(call.identity()).self())),
        get("/sources", call -> Reply.ok(cases.sources().all())),
        get("/sources/:name", call -> Reply.ok(cases.sources().view(source(call)))),
        get(
            "/sources/:name/secret",
            Need.SERVICE,
            call -> Reply.ok(cases.sources().withSecret(source(call)))),
        post(
            "/sources",
            Need.ADMIN,
            call -> Reply.json(201, cases.sources().register(call.read(SourceSpec.class)))),
        get("/pipelines", call -> Reply.ok(cases.pipelines().views())),
        get(
            "/pipelines/:name",
            call -> Reply.ok(cases.pipelines().view(new PipelineName(call.segment(1))))),
        post("/pipelines/:name/mending", Need.OPERATOR, this::mend),
        get("/deliveries", this::deliveries),
        get("/deliveries/:id", call -> Reply.ok(cases.deliveries().view(call.segment(1)))),
        post(
            "/deliveries/:id/replay",
            Need.OPERATOR,
            call -> Reply.ok(cases.deliveries().replay(call.segment(1), call.caller()))),
        post("/deliveries", Need.SERVICE, this::receive),
        post(
            "/deliveries/claim",
            Need.SERVICE,
            call ->
                Reply.claimed(
                    cases.deliveries().claim(call.patience()),
                    work -> cases.deliveries().giveBack(work.id(), work.fence()))),
        post("/deliveries/:id/lease", Need.SERVICE, this::renew),
        post("/deliveries/:id/done", Need.SERVICE, this::done),
        post("/starts", Need.OPERATOR, this::start));
  }

  private List<Endpoint> builders() {
    return List.of(
        post(
            "/version-requests",
            Need.SERVICE,
            call ->
                Reply.ok(
                    cases.versions().resolve(call.read(VersionRequest.class), call.patience()))),
        post(
            "/version-requests/claim",
            Need.SERVICE,
            call ->
                Reply.claimed(cases.versions().claim(call.patience()), cases.versions()::giveBack)),
        post("/version-requests/renew", Need.SERVICE, this::renewVersion),
        post("/version-requests/resolved", Need.SERVICE, this::versionResolved),
        get(
            "/versions/:key",
            call ->
                cases.versions().version(call.segment(1)).map(Reply::ok).orElseGet(Reply::empty)),
        post("/versions", Need.SERVICE, this::storeVersion),
        post(
            "/looks/claim",
            Need.SERVICE,
            call ->
                Reply.claimed(
                    cases.reconciler().claim(call.patience()), cases.reconciler()::giveBack)),
        post("/looks/done", Need.SERVICE, this::lookDone),
        post("/pools", Need.SERVICE, this::poolReported),
        post(
            "/image-requests",
            Need.SERVICE,
            call ->
                Reply.ok(cases.images().resolve(call.read(ImageRequest.class), call.patience()))),
        post(
            "/image-requests/claim",
            Need.SERVICE,
            call -> Reply.claimed(cases.images().claim(call.patience()), cases.images()::giveBack)),
        get("/images/kept", Need.SERVICE, call -> Reply.ok(cases.imagesKept())),
        post("/image-requests/renew", Need.SERVICE, this::renewImage),
        post("/image-requests/resolved", Need.SERVICE, this::imageResolved));
  }

  private static SourceName source(Call call) {
    return new SourceName(call.segment(1));
  }

  private Reply mend(Call call) {
    PipelineName pipeline = new PipelineName(call.segment(1));
    return Reply.ok(cases.mend(pipeline, call.caller(), call.read(MendingRequest.class).on()));
  }

  private Reply deliveries(Call call) {
    String source = call.text("source");
    return Reply.ok(
        cases
            .deliveries()
            .list(
                source == null ? null : new SourceName(source),
                call.limit(USUAL_PAGE),
                call.text("after")));
  }

  private Reply receive(Call call) {
    DeliveryAccepted accepted = cases.deliveries().receive(call.read(DeliveryReceipt.class));
    meters.delivered(accepted);
    return Reply.json(accepted.duplicate() ? 200 : 201, accepted);
  }

  private Reply renew(Call call) {
    cases.deliveries().renew(call.segment(1), call.read(Lease.class).fence());
    return Reply.empty();
  }

  private Reply done(Call call) {
    cases.deliveries().done(call.segment(1), call.read(DeliveryDone.class));
    return Reply.empty();
  }

  private Reply start(Call call) {
    return Reply.json(202, cases.deliveries().start(call.read(ManualStart.class), call.caller()));
  }

  private Reply renewVersion(Call call) {
    cases.versions().renew(call.read(ClaimRenewal.class));
    return Reply.empty();
  }

  private Reply renewImage(Call call) {
    cases.images().renew(call.read(ClaimRenewal.class));
    return Reply.empty();
  }

  private Reply versionResolved(Call call) {
    cases.versions().resolved(call.read(VersionResolved.class));
    return Reply.empty();
  }

  private Reply lookDone(Call call) {
    cases.reconciler().done(call.read(LookDone.class));
    return Reply.empty();
  }

  private Reply poolReported(Call call) {
    cases.pools().told(call.read(PoolReport.class));
    return Reply.empty();
  }

  private Reply storeVersion(Call call) {
    cases.versions().store(call.read(PipelineVersion.class));
    return Reply.empty();
  }

  private Reply imageResolved(Call call) {
    cases.images().resolved(call.read(ImageResolved.class));
    return Reply.empty();
  }
}
