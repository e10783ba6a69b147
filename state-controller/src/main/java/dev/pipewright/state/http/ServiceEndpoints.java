package dev.pipewright.state.http;

import static dev.pipewright.state.http.Endpoint.get;
import static dev.pipewright.state.http.Endpoint.post;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.CacheEntry;
import dev.pipewright.protocol.api.DownstreamRequest;
import dev.pipewright.protocol.api.LockRequest;
import dev.pipewright.protocol.api.SecretSpec;
import dev.pipewright.protocol.api.SecretsRequest;
import dev.pipewright.protocol.api.SideEnd;
import dev.pipewright.protocol.api.SideReport;
import dev.pipewright.protocol.api.SideRequest;
import dev.pipewright.protocol.api.SideView;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.state.Sides;
import dev.pipewright.state.UseCases;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The routes of what runs ask for while they go on: locks, secrets, other pipelines, caches,
 * containers beside them; and of their tests.
 */
final class ServiceEndpoints {
  private static final int USUAL_HISTORY = 50;

  private final UseCases cases;

  ServiceEndpoints(UseCases cases) {
    this.cases = cases;
  }

  List<Endpoint> all() {
    return Stream.of(people(), engines(), sides()).flatMap(List::stream).toList();
  }

  private List<Endpoint> people() {
    return List.of(
        get("/locks", call -> Reply.ok(cases.services().locks().all())),
        post(
            "/locks/:name/release",
            Need.OPERATOR,
            call -> Reply.ok(cases.services().locks().takeAway(call.segment(1), call.caller()))),
        get("/secrets", Need.ADMIN, call -> Reply.ok(cases.services().secrets().all())),
        post("/secrets", Need.ADMIN, this::setSecret),
        new Endpoint("DELETE", "/secrets/:name", Need.ADMIN, Endpoint.NO_BODY, this::removeSecret),
        get("/runs/:run/tests", this::tests),
        get("/pipelines/:pipeline/tests", this::history));
  }

  private List<Endpoint> engines() {
    return List.of(
        post("/runs/:run/secrets", Need.RUN, this::secrets),
        post("/runs/:run/locks", Need.RUN, this::lock),
        post("/runs/:run/locks/release", Need.RUN, this::unlock),
        post("/runs/:run/downstream", Need.RUN, this::downstream),
        get("/runs/:run/caches", Need.RUN, this::findCache),
        post("/runs/:run/caches", Need.RUN, this::storeCache));
  }

  private List<Endpoint> sides() {
    return List.of(
        post("/runs/:run/sides", Need.RUN, this::wishSide),
        get("/runs/:run/sides", Need.RUN, this::side),
        post("/runs/:run/sides/end", Need.RUN, this::endSide),
        post("/runs/:run/sides/reported", Need.SERVICE, this::sideReported),
        post("/sides/claim", Need.SERVICE, this::claimSide));
  }

  private Reply setSecret(Call call) {
    return Reply.json(
        201, cases.services().secrets().set(call.read(SecretSpec.class), call.caller()));
  }

  private Reply removeSecret(Call call) {
    String source = call.text("source");
    cases
        .services()
        .secrets()
        .remove(call.segment(1), source == null ? null : new SourceName(source), call.caller());
    return Reply.empty();
  }

  private Reply tests(Call call) {
    RunSnapshot run =
        call.text("attempt") == null
            ? cases.runs().snapshot(call.run())
            : cases.runs().attempt(call.run(), (int) call.requiredNumber("attempt"));
    return Reply.ok(cases.services().tests().of(run));
  }

  private Reply history(Call call) {
    return Reply.ok(
        cases
            .services()
            .tests()
            .history(
                new PipelineName(call.segment(1)),
                required(call, "suite"),
                required(call, "name"),
                call.limit(USUAL_HISTORY)));
  }

  private static String required(Call call, String name) {
    String value = call.text(name);
    if (value == null) {
      throw new ProtocolException("The parameter '" + name + "' is missing.");
    }
    return value;
  }

  private Reply secrets(Call call) {
    SecretsRequest wish = call.read(SecretsRequest.class);
    Fences.own(call, wish.fence());
    return Reply.ok(cases.services().secrets().release(call.run(), wish));
  }

  private Reply lock(Call call) {
    LockRequest wish = call.read(LockRequest.class);
    Fences.own(call, wish.fence());
    return Reply.ok(cases.services().locks().request(call.run(), wish));
  }

  private Reply unlock(Call call) {
    LockRequest wish = call.read(LockRequest.class);
    Fences.own(call, wish.fence());
    cases.services().locks().release(call.run(), wish);
    return Reply.empty();
  }

  private Reply downstream(Call call) {
    DownstreamRequest wish = call.read(DownstreamRequest.class);
    Fences.own(call, wish.fence());
    return Reply.json(202, cases.services().downstreams().start(call.run(), wish));
  }

  private Reply findCache(Call call) {
    return Reply.ok(cases.services().caches().find(call.run(), required(call, "key")));
  }

  private Reply storeCache(Call call) {
    CacheEntry entry = call.read(CacheEntry.class);
    Fences.own(call, entry.fence());
    cases.services().caches().store(call.run(), entry);
    return Reply.empty();
  }

  private Reply wishSide(Call call) {
    SideRequest wish = call.read(SideRequest.class);
    Fences.own(call, wish.fence());
    return Reply.ok(cases.services().sides().request(call.run(), wish));
  }

  private Reply side(Call call) {
    return Reply.ok(
        cases
            .services()
            .sides()
            .view(call.run(), required(call, "key"), known(call), call.patience()));
  }

  private static SideView.@Nullable State known(Call call) {
    String known = call.text("known");
    try {
      return known == null ? null : SideView.State.valueOf(known);
    } catch (IllegalArgumentException e) {
      throw new ProtocolException("'known' is one of the states of a SideView.", e);
    }
  }

  private Reply endSide(Call call) {
    SideEnd end = call.read(SideEnd.class);
    Fences.own(call, end.fence());
    cases.services().sides().end(call.run(), end);
    return Reply.empty();
  }

  private Reply sideReported(Call call) {
    cases.services().sides().reported(call.run(), call.read(SideReport.class));
    return Reply.empty();
  }

  private Reply claimSide(Call call) {
    Sides sides = cases.services().sides();
    return Reply.claimed(sides.claim(call.holder(), call.patience()), sides::giveBack);
  }
}
