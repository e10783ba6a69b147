package dev.pipewright.state.http;

import static dev.pipewright.state.http.Endpoint.get;
import static dev.pipewright.state.http.Endpoint.post;

import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.OutboxReport;
import dev.pipewright.protocol.api.StatusSpec;
import dev.pipewright.state.UseCases;
import java.util.List;

/** The routes of what is told to forges and people. */
final class OutboxEndpoints {
  private static final int USUAL_PAGE = 50;

  private final UseCases cases;

  OutboxEndpoints(UseCases cases) {
    this.cases = cases;
  }

  List<Endpoint> all() {
    return List.of(
        get(
            "/sources/:name/statuses",
            call -> Reply.ok(cases.statusTargets().view(new SourceName(call.segment(1))))),
        post("/sources/:name/statuses", Need.ADMIN, this::set),
        new Endpoint(
            "DELETE", "/sources/:name/statuses", Need.ADMIN, Endpoint.NO_BODY, this::remove),
        get(
            "/outbox",
            Need.ADMIN,
            call ->
                Reply.ok(cases.announcements().list(call.limit(USUAL_PAGE), call.text("after")))),
        post(
            "/outbox/claim",
            Need.SERVICE,
            call ->
                Reply.claimed(
                    cases.announcements().claim(call.patience()), cases.announcements()::giveBack)),
        post(
            "/outbox/:id/retry",
            Need.ADMIN,
            call -> Reply.ok(cases.announcements().retry(call.segment(1)))),
        post("/outbox/:id/done", Need.SERVICE, this::done));
  }

  private Reply set(Call call) {
    return Reply.ok(
        cases.statusTargets().set(new SourceName(call.segment(1)), call.read(StatusSpec.class)));
  }

  private Reply remove(Call call) {
    cases.statusTargets().remove(new SourceName(call.segment(1)));
    return Reply.empty();
  }

  private Reply done(Call call) {
    cases.announcements().reported(call.segment(1), call.read(OutboxReport.class));
    return Reply.empty();
  }
}
