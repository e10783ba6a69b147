package dev.pipewright.state.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.api.Role;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.api.TokenSpec;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.state.Samples;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The OpenAPI document is whole, and what is answered is what it says. */
class OpenApiIT {
  private static Served server;
  private static Map<?, ?> document;

  @BeforeAll
  static void serve(@TempDir Path folder) throws Exception {
    server = Served.on(folder);
    document = Json.read(server.send("GET", Routes.OPENAPI, null, null).body(), Map.class);
    server.admin().post(Routes.SOURCES, Samples.source());
    server.admin().post(Routes.TOKENS, new TokenSpec("vera", Role.VIEWER, null));
    server.work("spawner-1").create(Samples.order("shop", "k1"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static @Nullable Object at(@Nullable Object from, String... names) {
    @Nullable Object found = from;
    for (String name : names) {
      found = found instanceof Map<?, ?> map ? map.get(name) : null;
    }
    return found;
  }

  private static String template(String path) {
    return path.replaceAll(":([a-z]+)", "{$1}").replace("*", "{path}");
  }

  @Test
  void everyRouteIsInItWithItsVariables() {
    List<RouteTable.Row> rows = RouteTable.of(server.state().endpoints()).routes();
    Set<Object> ids = new HashSet<>();
    for (RouteTable.Row row : rows) {
      String path = template(row.path());
      Object operation = at(document, "paths", path, row.method().toLowerCase(Locale.ROOT));
      assertThat(operation).as(row.method() + " " + path).isNotNull();
      assertThat(ids.add(at(operation, "operationId"))).as("id of " + path).isTrue();
      List<?> declared =
          ((List<?>) Objects.requireNonNull(at(operation, "parameters")))
              .stream()
                  .filter(parameter -> "path".equals(at(parameter, "in")))
                  .map(parameter -> "{" + at(parameter, "name") + "}")
                  .toList();
      List<String> used =
          Pattern.compile("\\{[a-z]+}")
              .matcher(path)
              .results()
              .map(found -> found.group())
              .toList();
      assertThat(declared).as(path).isEqualTo(used);
      assertThat(at(operation, "responses", "default", "$ref"))
          .isEqualTo("#/components/responses/Problem");
    }
    assertThat(rows).hasSizeGreaterThan(70);
    assertThat(document.get("openapi")).isEqualTo("3.1.0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST | /api/v1/runs/{run}/cancel      | false | application/json",
        "POST | /api/v1/runs/{run}/rerun       | false | application/json",
        "POST | /api/v1/runs                   | true  | application/json",
        "PUT  | /api/v1/blobs/{digest}         | true  | application/octet-stream",
        "POST | /api/v1/runs/{run}/logs/{path} | true  | application/octet-stream",
      })
  void everyBodyIsInIt(String method, String path, boolean required, String media) {
    Object operation = at(document, "paths", path, method.toLowerCase(Locale.ROOT));
    assertThat(at(operation, "requestBody", "required")).isEqualTo(required);
    assertThat(at(operation, "requestBody", "content", media, "schema")).isNotNull();
  }

  @Test
  void everyStatusIsInIt() {
    // What is answered in other tests is compared with it, see Promises.
    assertThat(statuses("/api/v1/runs", "post")).contains("200", "201", "default");
    assertThat(statuses("/api/v1/runs/{run}/logs/{path}", "get")).contains("200", "206", "416");
    assertThat(statuses("/cctray.xml", "get")).contains("200", "304");
  }

  private static Set<Object> statuses(String path, String method) {
    Object responses = at(document, "paths", path, method, "responses");
    return Set.copyOf(((Map<?, ?>) Objects.requireNonNull(responses)).keySet());
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    List<String> references = new ArrayList<>();
    gather(document, references);
    assertThat(references).hasSizeGreaterThan(100);
    for (String reference : references) {
      assertThat(resolved(reference)).as(reference).isInstanceOf(Map.class);
      assertThat((Map<?, ?>) resolved(reference)).as(reference).isNotEmpty();
    }
  }

  private static @Nullable Object resolved(String reference) {
    return at(document, reference.substring(2).split("/", -1));
  }

  private static void gather(@Nullable Object value, List<String> references) {
    if (value instanceof Map<?, ?> map) {
      if (map.get("$ref") instanceof String reference) {
        references.add(reference);
      }
      map.values().forEach(member -> gather(member, references));
    } else if (value instanceof List<?> list) {
      list.forEach(element -> gather(element, references));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/sources",
        "/sources/{name}",
        "/runs",
        "/runs/{run}",
        "/runs/{run}/events",
        "/runs/{run}/tests",
        "/pipelines",
        "/pipelines/{name}",
        "/locks",
        "/secrets",
        "/tokens",
        "/token",
        "/audit",
        "/deliveries",
        "/outbox"
      })
  void answersAreWhatItSays(String path) throws Exception {
    String address = path.replace("{run}", "shop%231").replace("{name}", "shop");
    String body = server.send("GET", Routes.API + address, Served.ADMIN, null).body();
    Object schema =
        at(
            document,
            "paths",
            Routes.API + path,
            "get",
            "responses",
            "200",
            "content",
            "application/json",
            "schema");
    assertThat(schema).isNotNull();
    assertThat(problems(schema, Json.read(body, Object.class), path).toList()).as(body).isEmpty();
  }

  @Test
  void aProblemIsWhatItSays() throws Exception {
    Object schema =
        at(
            resolved("#/components/responses/Problem"),
            "content",
            "application/problem+json",
            "schema");
    Object told = Json.read(server.send("GET", "/api/v1/nothing", null, null).body(), Object.class);
    assertThat(problems(schema, told, "problem").toList()).isEmpty();
    assertThat(problems(schema, Map.of("status", "x"), "problem").toList()).hasSize(3);
  }

  /** The words of JSON Schema that the document uses; an unknown member is a problem, too. */
  private static Stream<String> problems(
      @Nullable Object schema, @Nullable Object value, String where) {
    Map<?, ?> words = (Map<?, ?>) Objects.requireNonNull(schema);
    if (words.get("$ref") instanceof String reference) {
      return problems(resolved(reference), value, where);
    }
    if (words.get("anyOf") instanceof List<?> choices) {
      return choices.stream().anyMatch(one -> problems(one, value, where).findAny().isEmpty())
          ? Stream.empty()
          : choices.stream().flatMap(one -> problems(one, value, where));
    }
    if (words.get("oneOf") instanceof List<?> choices) {
      long fitting =
          choices.stream().filter(one -> problems(one, value, where).findAny().isEmpty()).count();
      return fitting == 1 ? Stream.empty() : Stream.of(where + " fits " + fitting + " choices");
    }
    if (words.get("enum") instanceof List<?> allowed && !allowed.contains(value)) {
      return Stream.of(where + " is " + value + ", not one of " + allowed);
    }
    if (words.containsKey("const") && !Objects.equals(words.get("const"), value)) {
      return Stream.of(where + " is " + value);
    }
    if (words.get("type") != null && !isOf(words.get("type"), value)) {
      return Stream.of(where + " is no " + words.get("type") + " but " + value);
    }
    return Stream.concat(elements(words, value, where), members(words, value, where));
  }

  private static Stream<String> elements(Map<?, ?> words, @Nullable Object value, String where) {
    return value instanceof List<?> list && words.containsKey("items")
        ? list.stream().flatMap(one -> problems(words.get("items"), one, where + "[]"))
        : Stream.empty();
  }

  private static Stream<String> members(Map<?, ?> words, @Nullable Object value, String where) {
    if (!(value instanceof Map<?, ?> map)
        || !(words.get("properties") instanceof Map<?, ?> known)) {
      return Stream.empty();
    }
    List<?> required = words.get("required") instanceof List<?> names ? names : List.of();
    Stream<String> missing =
        required.stream()
            .filter(name -> !map.containsKey(name))
            .map(name -> where + " lacks " + name);
    Stream<String> unknown =
        map.keySet().stream()
            .filter(name -> !known.containsKey(name))
            .map(name -> where + " has " + name);
    Stream<String> inner =
        map.entrySet().stream()
            .filter(member -> known.containsKey(member.getKey()))
            .flatMap(
                member ->
                    problems(
                        known.get(member.getKey()),
                        member.getValue(),
                        where + "." + member.getKey()));
    return Stream.of(missing, unknown, inner).flatMap(each -> each);
  }

  private static boolean isOf(@Nullable Object type, @Nullable Object value) {
    if (type instanceof List<?> several) {
      return several.stream().anyMatch(one -> isOf(one, value));
    }
    return switch (String.valueOf(type)) {
      case "string" -> value instanceof String;
      case "integer" -> value instanceof Integer || value instanceof Long;
      case "number" -> value instanceof Number;
      case "boolean" -> value instanceof Boolean;
      case "array" -> value instanceof List;
      case "object" -> value instanceof Map;
      case "null" -> value == null;
      default -> false;
    };
  }
}
