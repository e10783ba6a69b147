package dev.pipewright.state.http;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one route is for, for whoever calls it.
 *
 * @param meaning what it does, as "cancel a run"; also what the audit log says
 * @param query the parameters it takes
 * @param largestPage how many entries it gives at the most, however many are asked for; 0 if it
 *     does not give pages
 * @param request the JSON it takes; null for none
 * @param answer what it gives
 */
record RouteDoc(
    String meaning,
    List<String> query,
    int largestPage,
    @Nullable Class<?> request,
    Answer answer) {
  static final String JSON = "application/json";
  static final String LIMIT = "limit";
  static final String AFTER = "after";

  /** How a value is held in an answer. */
  enum Shape {
    /** By itself. */
    ONE,
    /** As an array. */
    LIST,
    /** As a page of a list. */
    PAGE
  }

  /**
   * What a route gives.
   *
   * @param status its usual status
   * @param type the record in its JSON; null for none
   * @param media the media type; empty for no body
   * @param orNothing whether it may be 204 as well
   */
  record Answer(int status, @Nullable Class<?> type, Shape shape, String media, boolean orNothing) {
    static final Answer NOTHING = new Answer(204, null, Shape.ONE, "", false);

    static Answer raw(String media) {
      return new Answer(200, null, Shape.ONE, media, false);
    }
  }

  static RouteDoc to(String meaning, String... query) {
    return new RouteDoc(meaning, List.of(query), 0, null, Answer.NOTHING);
  }

  /** It takes a {@code limit}, up to so many entries, and what follows {@code after}. */
  RouteDoc inPages(int largest) {
    List<String> all = Stream.concat(query.stream(), Stream.of(LIMIT, AFTER)).toList();
    return new RouteDoc(meaning, all, largest, request, answer);
  }

  RouteDoc takes(Class<?> type) {
    return new RouteDoc(meaning, query, largestPage, type, answer);
  }

  RouteDoc gives(Class<?> type) {
    return gives(200, type);
  }

  RouteDoc gives(int status, Class<?> type) {
    return with(new Answer(status, type, Shape.ONE, JSON, false));
  }

  RouteDoc givesPage(Class<?> type) {
    return with(new Answer(200, type, Shape.PAGE, JSON, false));
  }

  RouteDoc givesList(Class<?> type) {
    return with(new Answer(200, type, Shape.LIST, JSON, false));
  }

  RouteDoc givesRaw(String media) {
    return with(Answer.raw(media));
  }

  /** It may also give nothing. */
  RouteDoc orNothing() {
    return with(new Answer(answer.status(), answer.type(), answer.shape(), answer.media(), true));
  }

  private RouteDoc with(Answer other) {
    return new RouteDoc(meaning, query, largestPage, request, other);
  }
}
