package dev.pipewright.state.http;

import static dev.pipewright.state.http.Endpoint.get;
import static dev.pipewright.state.http.Endpoint.post;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.CancelRequest;
import dev.pipewright.protocol.api.Decision;
import dev.pipewright.protocol.api.EventBatch;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.api.LaunchReport;
import dev.pipewright.protocol.api.Lease;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.api.RerunRequest;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.state.RunFilter;
import dev.pipewright.state.Runs.Created;
import dev.pipewright.state.UseCases;
import java.util.List;

/** The routes of runs. */
final class RunEndpoints {
  private static final long LOG_PIECE = 8 * 1024 * 1024;
  private static final int USUAL_PAGE = 50;

  private final UseCases cases;

  RunEndpoints(UseCases cases) {
    this.cases = cases;
  }

  List<Endpoint> all() {
    return List.of(
        get("/runs", this::list),
        post("/runs", Need.SERVICE, this::create),
        post("/runs/claim", Need.SERVICE, this::claim),
        get("/runs/claimed", Need.SERVICE, call -> Reply.ok(cases.queue().claimed(call.holder()))),
        get("/runs/:run", this::show),
        post("/runs/:run/launched", Need.SERVICE, this::launched),
        post("/runs/:run/ended", Need.SERVICE, this::ended),
        post("/runs/:run/requeue", Need.SERVICE, this::requeue),
        post("/runs/:run/cancel", Need.OPERATOR, this::cancel),
        post("/runs/:run/decisions", Need.OPERATOR, this::decide),
        post("/runs/:run/rerun", Need.OPERATOR, this::rerun),
        post("/runs/:run/pin", Need.OPERATOR, this::pin),
        post("/runs/:run/unpin", Need.OPERATOR, this::unpin),
        get("/pins", call -> Reply.ok(cases.retention().pins())),
        get("/runs/:run/attempts/:attempt", this::attempt),
        get(
            "/runs/:run/history",
            Need.RUN,
            call -> Reply.ok(cases.reports().history(call.run(), call.fence()))),
        get("/runs/:run/assignment", Need.RUN, this::assignment),
        get("/runs/:run/events", call -> Reply.ok(cases.runs().events(call.run()))),
        post("/runs/:run/events", Need.RUN, this::report),
        post("/runs/:run/lease", Need.RUN_OR_SERVICE, this::renew),
        new Endpoint("POST", "/runs/:run/logs/*", Need.RUN, LOG_PIECE, this::append));
  }

  private Reply list(Call call) {
    String pipeline = call.text("pipeline");
    int limit = call.limit(USUAL_PAGE);
    String after = call.text("after");
    RunFilter filter =
        new RunFilter(call.text("state"), call.text("ref"), call.text("source"), call.text("by"));
    return Reply.ok(
        pipeline == null
            ? cases.runs().list(filter, limit, after)
            : cases.runs().list(new PipelineName(pipeline), filter, limit, after));
  }

  private Reply create(Call call) {
    Created created = cases.runs().create(call.read(NewRun.class));
    return Reply.json(created.fresh() ? 201 : 200, created.run());
  }

  private Reply claim(Call call) {
    return Reply.claimed(
        cases.queue().claim(call.holder(), call.patience()),
        order -> cases.queue().requeue(order.run(), new Lease(order.fence())));
  }

  private Reply show(Call call) {
    RunSnapshot run =
        call.text("after") == null
            ? cases.runs().snapshot(call.run())
            : cases.runs().snapshot(call.run(), call.number("after", 0), call.patience());
    return Reply.ok(run);
  }

  private Reply launched(Call call) {
    cases.queue().launched(call.run(), call.read(LaunchReport.class));
    return Reply.empty();
  }

  private Reply ended(Call call) {
    cases.queue().ended(call.run(), call.read(LaunchEnd.class));
    return Reply.empty();
  }

  private Reply requeue(Call call) {
    cases.queue().requeue(call.run(), call.read(Lease.class));
    return Reply.empty();
  }

  private Reply cancel(Call call) {
    String reason = call.body().isEmpty() ? null : call.read(CancelRequest.class).reason();
    return Reply.ok(cases.runs().cancel(call.run(), call.caller(), reason));
  }

  private Reply decide(Call call) {
    Decision decision = call.read(Decision.class);
    if (decision.path() == null) {
      cases.services().approvals().decide(call.run(), decision, call.caller());
      return Reply.ok(cases.runs().snapshot(call.run()));
    }
    return Reply.ok(cases.answers().decide(call.run(), decision, call.caller()));
  }

  private Reply rerun(Call call) {
    RerunRequest request =
        call.body().isEmpty() ? new RerunRequest(null, null) : call.read(RerunRequest.class);
    return Reply.ok(cases.runs().rerun(call.run(), request, call.caller()));
  }

  private Reply pin(Call call) {
    return Reply.ok(cases.retention().pin(call.run(), call.caller()));
  }

  private Reply unpin(Call call) {
    cases.retention().unpin(call.run());
    return Reply.empty();
  }

  private Reply attempt(Call call) {
    return Reply.ok(cases.runs().attempt(call.run(), call.pathNumber(3)));
  }

  private Reply assignment(Call call) {
    return Reply.ok(cases.reports().assignment(call.run(), call.fence()));
  }

  private Reply report(Call call) {
    EventBatch batch = call.read(EventBatch.class);
    Fences.own(call, batch.fence());
    return Reply.ok(cases.reports().report(call.run(), batch));
  }

  private Reply renew(Call call) {
    Lease lease = call.read(Lease.class);
    Fences.own(call, lease.fence());
    return Reply.ok(cases.reports().renew(call.run(), lease));
  }

  private Reply append(Call call) {
    long fence = call.requiredNumber("fence");
    Fences.own(call, fence);
    cases
        .reports()
        .append(
            call.run(),
            new StepPath(call.rest(3)),
            fence,
            call.requiredNumber("offset"),
            call.time("at"),
            call.body().bytes());
    return Reply.empty();
  }
}
