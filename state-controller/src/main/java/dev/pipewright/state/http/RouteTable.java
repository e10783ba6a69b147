package dev.pipewright.state.http;

import dev.pipewright.protocol.api.Routes;
import dev.pipewright.state.oidc.OidcConfig;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Every route of the State-Controller: method, path, whom it lets in, what it is for. The OpenAPI
 * document, the audit log and the tests of access are made from it.
 *
 * @param routes in the order of their paths
 */
record RouteTable(List<Row> routes) {
  private static final String XML = "application/xml";
  private static final String LIVE = "health of the process";

  /** One route; {@code path} is whole and has its variables as {@code :name}. */
  record Row(String method, String path, Need need, RouteDoc doc) {}

  private static final Map<String, RouteDoc> DOCS = RouteDocs.all();

  /** What is answered beside the endpoints. */
  private static final List<Row> BESIDE =
      List.of(
          new Row("GET", "/health/live", Need.NOTHING, raw(LIVE, RouteDoc.JSON)),
          new Row("GET", "/health/ready", Need.NOTHING, raw("health of the store", RouteDoc.JSON)),
          new Row("GET", "/metrics", Need.READ, raw("metrics for Prometheus", "text/plain")),
          new Row(
              "GET",
              OidcRoutes.BEGIN,
              Need.NOTHING,
              page("sign in by a provider", "return", OidcRoutes.ANOTHER)),
          new Row(
              "GET",
              OidcConfig.CALLBACK,
              Need.NOTHING,
              page("come back from the provider", "code", "state", "iss", "error")),
          new Row("GET", Routes.OPENAPI, Need.NOTHING, raw("this document", RouteDoc.JSON)),
          new Row(
              "GET",
              Routes.STREAM,
              Need.FEED,
              RouteDoc.to("follow changes as server-sent events", "run", "access_token")
                  .givesRaw("text/event-stream")),
          new Row("GET", Routes.CCTRAY, Need.FEED, feed("feed of all pipelines")),
          new Row("GET", "/cc.xml", Need.FEED, feed("feed of all pipelines")),
          new Row("GET", "/cctray/:file", Need.FEED, feed("feed of one pipeline")));

  private static RouteDoc raw(String meaning, String media) {
    return RouteDoc.to(meaning).givesRaw(media);
  }

  private static RouteDoc page(String meaning, String... query) {
    return RouteDoc.to(meaning, query).givesRaw("text/html").or(302);
  }

  private static RouteDoc feed(String meaning) {
    return RouteDoc.to(meaning, "branch", "group", "level", "access_token").givesRaw(XML).or(304);
  }

  /** The table of these endpoints and of what is answered beside them. */
  static RouteTable of(List<Endpoint> endpoints) {
    return new RouteTable(
        Stream.concat(
                endpoints.stream()
                    .map(
                        endpoint ->
                            new Row(
                                endpoint.method(),
                                Routes.API + endpoint.path(),
                                endpoint.need(),
                                doc(endpoint))),
                BESIDE.stream())
            .sorted(Comparator.comparing(Row::path).thenComparing(Row::method))
            .toList());
  }

  private static String key(Endpoint endpoint) {
    return endpoint.method() + " " + endpoint.path();
  }

  /** What is written down of this endpoint. */
  static RouteDoc doc(Endpoint endpoint) {
    RouteDoc known = DOCS.get(key(endpoint));
    return known == null
        ? RouteDoc.to(endpoint.method().toLowerCase(Locale.ROOT) + " " + endpoint.path())
        : known;
  }

  /** Whether somebody has written down what this endpoint is for. */
  static boolean isDescribed(Endpoint endpoint) {
    return DOCS.containsKey(key(endpoint));
  }

  /** How many endpoints are described. */
  static int described() {
    return DOCS.size();
  }

  /** What an endpoint does, in a few words. */
  static String meaning(Endpoint endpoint) {
    return doc(endpoint).meaning();
  }
}
