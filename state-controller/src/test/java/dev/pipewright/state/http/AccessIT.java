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
import dev.pipewright.state.http.RouteTable.Row;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
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

  private static final String DOORS_WORDS = "may not do this";

  private static Served server;
  private static final Map<Caller, String> tokens = new EnumMap<>(Caller.class);

  @BeforeAll
  static void serve(@TempDir Path folder) throws Exception {
    server = Served.on(folder);
    server.admin().post(Routes.SOURCES, Samples.source());
    WorkClient work = server.work("spawner-1");
    work.create(Samples.order("shop", "k1"));
    work.create(Samples.order("shop", "k2"));
    LaunchOrder own = work.claimRun(Duration.ofSeconds(5)).orElseThrow();
    LaunchOrder other = work.claimRun(Duration.ofSeconds(5)).orElseThrow();
    assertThat(own.run()).hasToString("shop#1");
    tokens.put(Caller.STRANGER, "usr_nobody-knows-this");
    tokens.put(Caller.VIEWER, made("vera", Role.VIEWER));
    tokens.put(Caller.OPERATOR, made("otto", Role.OPERATOR));
    tokens.put(Caller.ADMIN, Served.ADMIN);
    tokens.put(Caller.SERVICE, server.state().serviceToken());
    tokens.put(Caller.OWN_RUN, own.token());
    tokens.put(Caller.OTHER_RUN, other.token());
  }

  private static String made(String name, Role role) {
    return Json.read(
            server.admin().post(Routes.TOKENS, new TokenSpec(name, role, null)).body(),
            NewToken.class)
        .token();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static Stream<Row> rows() {
    // Feeds, health and the stream are answered apart from the endpoints; DoorIT calls those.
    return RouteTable.of(server.state().endpoints()).routes().stream()
        .filter(row -> row.path().startsWith(Routes.API) && !row.path().equals(Routes.STREAM));
  }

  @Test
  void everyEndpointIsDescribed() {
    List<Endpoint> endpoints = server.state().endpoints();
    assertThat(endpoints).hasSizeGreaterThan(60).allMatch(RouteTable::isDescribed);
    assertThat(RouteTable.described()).isEqualTo(endpoints.size());
  }

  @ParameterizedTest
  @MethodSource("rows")
  void everyRouteLetsInWhomItSays(Row row) throws Exception {
    List<String> wrong = new ArrayList<>();
    for (Caller caller : Caller.values()) {
      // Whoever is let in finds a body that is refused, so that nothing is changed.
      String body = row.method().equals("GET") || row.method().equals("DELETE") ? null : "?";
      var answer =
          server.send(row.method(), address(row), tokens.get(caller), body, "Pipewright-Page", "1");
      boolean shutOut =
          (answer.statusCode() == 401 && !row.path().equals(Routes.SESSION))
              || (answer.statusCode() == 403 && answer.body().contains(DOORS_WORDS));
      boolean known = caller != Caller.NOBODY && caller != Caller.STRANGER;
      boolean may = LET_IN.getOrDefault(row.need(), Set.of()).contains(caller);
      int expected = known ? 403 : 401;
      if (may == shutOut || (!may && answer.statusCode() != expected)) {
        wrong.add(caller + " got " + answer.statusCode() + " " + answer.body());
      }
    }
    assertThat(wrong).isEmpty();
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
