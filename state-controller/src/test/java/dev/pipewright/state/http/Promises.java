package dev.pipewright.state.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.state.http.RouteTable.Row;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;

/**
 * Compares everything a served State-Controller answers, whatever the test is about, with what its
 * table of routes says: its statuses and types, and that each error is a problem. Parameters and
 * bodies need no look, as a route is handed only those that it declares.
 */
final class Promises {
  private record Promised(Row row, Pattern path) {}

  private final Queue<String> broken = new ConcurrentLinkedQueue<>();
  private final List<Promised> promised;

  private Promises(RouteTable table) {
    this.promised =
        table.routes().stream()
            .sorted(Comparator.comparing((Row row) -> row.path().contains(":")))
            .map(row -> new Promised(row, pattern(row.path())))
            .toList();
  }

  private static Pattern pattern(String path) {
    return Pattern.compile(path.replaceAll(":[a-z]+", "[^/]+").replace("*", ".+"));
  }

  /** Looks at whatever is mounted on {@code router} after this. */
  static Promises on(Router router, RouteTable table) {
    Promises promises = new Promises(table);
    router
        .route()
        .handler(
            ctx -> {
              ctx.addEndHandler(any -> promises.look(ctx));
              ctx.next();
            });
    return promises;
  }

  private void look(RoutingContext ctx) {
    if (!ctx.response().headWritten()) {
      // The caller was gone.
      return;
    }
    HttpServerRequest request = ctx.request();
    int status = ctx.response().getStatusCode();
    promised.stream()
        .filter(one -> one.row().method().equals(request.method().name()))
        .filter(one -> one.path().matcher(String.valueOf(request.path())).matches())
        .findFirst()
        .ifPresent(one -> compare(one.row(), request, ctx.response(), status));
    if (status >= 400
        && !isType(ctx.response(), "application/problem+json")
        && !isType(ctx.response(), "text/html")) {
      note(request, "answered " + status + " without a problem");
    }
  }

  private void compare(
      Row row, HttpServerRequest request, HttpServerResponse response, int status) {
    RouteDoc doc = row.doc();
    if (status < 400 && !doc.answer().says(status)) {
      note(request, "answered " + status + ", which it does not say");
    }
    if (status < 400 && status != 302 && !doc.answer().media().isEmpty()) {
      boolean empty = status == 204 || status == 304;
      if (!empty && !isType(response, doc.answer().media())) {
        note(request, "answered in " + response.headers().get("Content-Type"));
      }
    }
  }

  private static boolean isType(HttpServerResponse response, String media) {
    return String.valueOf(response.headers().get("Content-Type")).startsWith(media);
  }

  private void note(HttpServerRequest request, String what) {
    broken.add(request.method() + " " + request.path() + " " + what);
  }

  /** Fails unless everything was kept so far. */
  void check() {
    assertThat(broken).isEmpty();
  }
}
