package dev.pipewright.state.http;

import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.json.JsonSchemas;
import dev.pipewright.state.http.RouteDoc.Answer;
import dev.pipewright.state.http.RouteTable.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The OpenAPI 3.1 document of a table of routes. */
final class OpenApi {
  private static final Pattern VARIABLE = Pattern.compile(":([a-z]+)|\\*");
  private static final String REST = "path";
  private static final Map<String, Object> PROBLEM =
      Map.of("$ref", "#/components/responses/Problem");
  private static final Map<String, Object> TEXT = Map.of("type", "string");

  private final JsonSchemas schemas = new JsonSchemas("#/components/schemas/");

  private OpenApi() {}

  /** The document, to be written as JSON. */
  static Map<String, Object> of(RouteTable table) {
    return new OpenApi().document(table);
  }

  private Map<String, Object> document(RouteTable table) {
    Map<String, Map<String, Object>> paths = new TreeMap<>();
    for (Row row : table.routes()) {
      paths
          .computeIfAbsent(template(row.path()), any -> new TreeMap<>())
          .put(row.method().toLowerCase(Locale.ROOT), operation(row));
    }
    Map<String, Object> problem = schemas.of(Problem.class);
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("openapi", "3.1.0");
    all.put(
        "info",
        Map.of(
            "title", "Pipewright",
            "version", "1",
            "description",
                "The HTTP API of the State-Controller; docs/protocol.md tells how it is used."
                    + " Variables hold # as %23 and may hold no slash, except the path at an end."));
    all.put("paths", paths);
    all.put(
        "components",
        Map.of(
            "schemas",
            schemas.definitions(),
            "responses",
            Map.of(
                "Problem",
                Map.of(
                    "description",
                    "What went wrong, and what to do next.",
                    "content",
                    Map.of("application/problem+json", Map.of("schema", problem)))),
            "securitySchemes",
            Map.of(
                "token", Map.of("type", "http", "scheme", "bearer"),
                "session",
                    Map.of("type", "apiKey", "in", "cookie", "name", Routes.SESSION_COOKIE))));
    return all;
  }

  private static String template(String path) {
    return VARIABLE.matcher(path).replaceAll(found -> "{" + variable(found.group(1)) + "}");
  }

  private static String variable(@Nullable String name) {
    return name == null ? REST : name;
  }

  private Map<String, Object> operation(Row row) {
    RouteDoc doc = row.doc();
    Map<String, Object> operation = new LinkedHashMap<>();
    operation.put("operationId", id(row));
    operation.put("summary", doc.meaning());
    operation.put("description", "Who: " + row.need().word());
    operation.put("x-pipewright-need", row.need().name());
    operation.put("parameters", parameters(row));
    RouteDoc.Request request = doc.request();
    if (request != null) {
      Map<String, Object> schema = request.type() == null ? Map.of() : schemas.of(request.type());
      operation.put(
          "requestBody",
          Map.of(
              "required",
              request.required(),
              "content",
              Map.of(request.media(), Map.of("schema", schema))));
    }
    operation.put("responses", responses(doc.answer()));
    operation.put("security", security(row.need()));
    return operation;
  }

  private static String id(Row row) {
    String words =
        Arrays.stream(row.path().split("[^A-Za-z]+", -1))
            .filter(word -> !word.isEmpty())
            .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
            .collect(Collectors.joining());
    return row.method().toLowerCase(Locale.ROOT) + words + (row.path().endsWith("*") ? "Rest" : "");
  }

  private static List<Object> parameters(Row row) {
    List<Object> parameters = new ArrayList<>();
    Matcher variables = VARIABLE.matcher(row.path());
    while (variables.find()) {
      parameters.add(
          Map.of(
              "name",
              variable(variables.group(1)),
              "in",
              "path",
              "required",
              true,
              "schema",
              TEXT));
    }
    for (String name : row.doc().query()) {
      parameters.add(query(name, row.doc().largestPage()));
    }
    return parameters;
  }

  private static Map<String, Object> query(String name, int largestPage) {
    Map<String, Object> parameter = new LinkedHashMap<>();
    parameter.put("name", name);
    parameter.put("in", "query");
    parameter.put("required", false);
    boolean paged = largestPage > 0;
    if (paged && name.equals(RouteDoc.LIMIT)) {
      parameter.put(
          "description", "How many entries; of more than " + largestPage + ", so many are given.");
      parameter.put("schema", Map.of("type", "integer", "minimum", 1));
    } else if (paged && name.equals(RouteDoc.AFTER)) {
      parameter.put(
          "description",
          "The next of the page before, as it is. Entries that come or go meanwhile change nothing"
              + " in the pages after it.");
      parameter.put("schema", TEXT);
    } else {
      parameter.put("schema", TEXT);
    }
    return parameter;
  }

  private Map<String, Object> responses(Answer answer) {
    Map<String, Object> responses = new TreeMap<>();
    responses.put("default", PROBLEM);
    responses.put(Integer.toString(answer.status()), response(answer, answer.status()));
    for (int status : answer.also()) {
      responses.put(Integer.toString(status), response(answer, status));
    }
    return responses;
  }

  private Map<String, Object> response(Answer answer, int status) {
    if (status >= 400) {
      return PROBLEM;
    }
    return switch (status) {
      case 204 -> Map.of("description", "There is nothing to tell.");
      case 302 -> Map.of("description", "It goes on at another address.");
      case 304 -> Map.of("description", "Nothing has changed.");
      default ->
          Map.of(
              "description",
              status == 206 ? "A part of it." : "It was done.",
              "content",
              Map.of(answer.media(), Map.of("schema", schema(answer))));
    };
  }

  private Map<String, Object> schema(Answer answer) {
    if (answer.type() == null) {
      return Map.of();
    }
    Map<String, Object> one = schemas.of(answer.type());
    return switch (answer.shape()) {
      case ONE -> one;
      case LIST -> JsonSchemas.list(one);
      case PAGE ->
          Map.of(
              "type",
              "object",
              "properties",
              Map.of(
                  "items",
                  JsonSchemas.list(one),
                  "next",
                  Map.of("type", List.of("string", "null"))),
              "required",
              List.of("items", "next"));
    };
  }

  private static List<Object> security(Need need) {
    Map<String, Object> token = Map.of("token", List.of());
    Map<String, Object> session = Map.of("session", List.of());
    return switch (need) {
      case NOTHING -> List.of();
      case READ, FEED -> List.of(Map.of(), token, session);
      case ANYBODY, OPERATOR, ADMIN -> List.of(token, session);
      case SERVICE, RUN, RUN_OR_SERVICE, BLOB -> List.of(token);
    };
  }
}
