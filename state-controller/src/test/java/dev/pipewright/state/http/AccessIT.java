package dev.pipewright.state.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.api.NewToken;
import dev.pipewright.protocol.api.Role;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.api.TokenSpec;
import dev.pipewright.protocol.client.WorkClient;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.state.Samples;
import dev.pipewright.state.StateConfig;
import dev.pipewright.state.http.RouteTable.Row;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every route of the table is called by everybody; whoever may not come in is told so. */
class AccessIT {
  /** Who calls. */
  enum Caller {
    NOBODY,
    STRANGER,
    VIEWER,
    OPERATOR,
    ADMIN,
    SERVICE,
    OWN_RUN,
    OTHER_RUN
  }

  /** Who is let in, written down once more so that a slip in the door is seen. */
  private static final Map<Need, Set<Caller>> LET_IN =
      new EnumMap<>(
          Map.of(
              Need.NOTHING, Set.of(Caller.values()),
              Need.READ, Set.of(Caller.values()),
              Need.FEED, Set.of(Caller.values()),
              Need.ANYBODY,
                  Set.of(
                      Caller.VIEWER,
                      Caller.OPERATOR,
                      Caller.ADMIN,
                      Caller.SERVICE,
                      Caller.OWN_RUN,
                      Caller.OTHER_RUN),
              Need.OPERATOR, Set.of(Caller.OPERATOR, Caller.ADMIN),
              Need.ADMIN, Set.of(Caller.ADMIN),
              Need.SERVICE, Set.of(Caller.ADMIN, Caller.SERVICE),
              Need.RUN, Set.of(Caller.ADMIN, Caller.OWN_RUN),
              Need.RUN_OR_SERVICE, Set.of(Caller.ADMIN, Caller.SERVICE, Caller.OWN_RUN),
              Need.BLOB, Set.of(Caller.ADMIN, Caller.SERVICE, Caller.OWN_RUN, Caller.OTHER_RUN)));

  /** Who reads everything where reads are closed. */
  private static final Set<Caller> MAY_READ_ALL =
      Set.of(Caller.VIEWER, Caller.OPERATOR, Caller.ADMIN, Caller.SERVICE);

  private static final String DOORS_WORDS = "may not do this";

  private static Place open;
  private static Place closed;

  /** A server with everybody's tokens. */
  private record Place(Served server, Map<Caller, String> tokens) {}

  @BeforeAll
  static void serve(@TempDir Path folder) throws Exception {
    StateConfig config =
        StateConfig.of(folder.resolve("open"), URI.create("http://ci.example"), Served.ADMIN);
    open = place(config);
    closed =
        place(
            new StateConfig(
                folder.resolve("closed"),
                null,
                config.publicUrl(),
                Served.ADMIN,
                null,
                null,
                true,
                false,
                config.mostRuns(),
                config.reconcileEvery(),
                config.keep()));
  }

  private static Place place(StateConfig config) throws Exception {
    Served server = Served.on(config);
    server.admin().post(Routes.SOURCES, Samples.source());
    WorkClient work = server.work("spawner-1");
    work.create(Samples.order("shop", "k1"));
    work.create(Samples.order("shop", "k2"));
    LaunchOrder own = work.claimRun(Duration.ofSeconds(5)).orElseThrow();
    LaunchOrder other = work.claimRun(Duration.ofSeconds(5)).orElseThrow();
    assertThat(own.run()).hasToString("shop#1");
    Map<Caller, String> tokens = new EnumMap<>(Caller.class);
    tokens.put(Caller.STRANGER, "usr_nobody-knows-this");
    tokens.put(Caller.VIEWER, made(server, "vera", Role.VIEWER));
    tokens.put(Caller.OPERATOR, made(server, "otto", Role.OPERATOR));
    tokens.put(Caller.ADMIN, Served.ADMIN);
    tokens.put(Caller.SERVICE, server.state().serviceToken());
    tokens.put(Caller.OWN_RUN, own.token());
    tokens.put(Caller.OTHER_RUN, other.token());
    return new Place(server, tokens);
  }

  private static String made(Served server, String name, Role role) {
    return Json.read(
            server.admin().post(Routes.TOKENS, new TokenSpec(name, role, null)).body(),
            NewToken.class)
        .token();
  }

  @AfterAll
  static void stop() {
    open.server().close();
    closed.server().close();
  }

  static Stream<Row> rows() {
    // Signing in by a provider goes through a browser: OidcIT does that.
    return RouteTable.of(open.server().state().endpoints()).routes().stream()
        .filter(row -> !row.path().startsWith("/login/"));
  }

  @Test
  void everyEndpointIsDescribed() {
    List<Endpoint> endpoints = open.server().state().endpoints();
    assertThat(endpoints).hasSizeGreaterThan(60).allMatch(RouteTable::isDescribed);
    assertThat(RouteTable.described()).isEqualTo(endpoints.size());
  }

  @ParameterizedTest
  @MethodSource("rows")
  void everyRouteLetsInWhomItSays(Row row) throws Exception {
    assertThat(wrong(open, row, LET_IN.getOrDefault(row.need(), Set.of()))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void whereReadsAreClosedARunReadsWhatIsItsOwnAndAStrangerNothing(Row row) throws Exception {
    Set<Caller> may =
        switch (row.need()) {
          case READ, FEED ->
              row.path().startsWith("/api/v1/runs/:run")
                  ? with(MAY_READ_ALL, Caller.OWN_RUN)
                  : MAY_READ_ALL;
          default -> LET_IN.getOrDefault(row.need(), Set.of());
        };
    assertThat(wrong(closed, row, may)).isEmpty();
  }

  private static Set<Caller> with(Set<Caller> some, Caller another) {
    EnumSet<Caller> all = EnumSet.copyOf(some);
    all.add(another);
    return all;
  }

  /** Who was let in and may not, or was kept out and may; or was told so in the wrong way. */
  private static List<String> wrong(Place place, Row row, Set<Caller> may) throws Exception {
    List<String> wrong = new ArrayList<>();
    for (Caller caller : Caller.values()) {
      Said said = call(place, row, caller);
      boolean shutOut =
          (said.status() == 401 && !row.path().equals(Routes.SESSION))
              || (said.status() == 403 && said.text().contains(DOORS_WORDS));
      boolean known = caller != Caller.NOBODY && caller != Caller.STRANGER;
      boolean mayCome = may.contains(caller);
      int expected = known ? 403 : 401;
      if (said.status() == 500 || mayCome == shutOut || (!mayCome && said.status() != expected)) {
        wrong.add(caller + " got " + said);
      }
    }
    return wrong;
  }

  private record Said(int status, String text) {}

  private static Said call(Place place, Row row, Caller caller) throws Exception {
    String token = place.tokens().get(caller);
    if (row.path().equals(Routes.STREAM)) {
      String query = token == null ? "" : "?access_token=" + token;
      HttpResponse<InputStream> answer = place.server().opened(Routes.STREAM + query);
      try (InputStream body = answer.body()) {
        String text =
            answer.statusCode() == 200
                ? ""
                : new String(body.readAllBytes(), StandardCharsets.UTF_8);
        return new Said(answer.statusCode(), text);
      }
    }
    // Whoever is let in finds a body that is refused, so that nothing is changed.
    String body = row.method().equals("GET") || row.method().equals("DELETE") ? null : "?";
    HttpResponse<String> answer =
        place.server().send(row.method(), address(row), token, body, "Pipewright-Page", "1");
    return new Said(answer.statusCode(), answer.body());
  }

  private static String address(Row row) {
    return row.path()
        .replace(":run", "shop%231")
        .replace(":attempt", "1")
        .replace(":digest", Samples.BUNDLE.value())
        .replaceAll(":[a-z]+", "none")
        .replace("*", "no/step");
  }
}
