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
 * @param request the body it takes; null for none
 * @param answer what it gives
 */
record RouteDoc(
    String meaning, List<String> query, int largestPage, @Nullable Request request, Answer answer) {
  static final String JSON = "application/json";
  static final String LIMIT = "limit";
  static final String AFTER = "after";

  /**
   * The body a route takes.
   *
   * @param type the record in its JSON; null if it is no JSON
   * @param media the media type
   * @param required whether there must be one
   */
  record Request(@Nullable Class<?> type, String media, boolean required) {}

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
   * @param also further statuses: 204 without a body, other 2xx with the same body
   */
  record Answer(
      int status, @Nullable Class<?> type, Shape shape, String media, List<Integer> also) {
    static final Answer NOTHING = new Answer(204, null, Shape.ONE, "", List.of());

    static Answer raw(String media) {
      return new Answer(200, null, Shape.ONE, media, List.of());
    }

    /** Whether this status is one that it says. */
    boolean says(int other) {
      return other == status || also.contains(other);
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
    return taking(new Request(type, JSON, true));
  }

  RouteDoc mayTake(Class<?> type) {
    return taking(new Request(type, JSON, false));
  }

  RouteDoc takesRaw(String media) {
    return taking(new Request(null, media, true));
  }

  private RouteDoc taking(Request body) {
    return new RouteDoc(meaning, query, largestPage, body, answer);
  }

  RouteDoc gives(Class<?> type) {
    return gives(200, type);
  }

  RouteDoc gives(int status, Class<?> type) {
    return with(new Answer(status, type, Shape.ONE, JSON, List.of()));
  }

  RouteDoc givesPage(Class<?> type) {
    return with(new Answer(200, type, Shape.PAGE, JSON, List.of()));
  }

  RouteDoc givesList(Class<?> type) {
    return with(new Answer(200, type, Shape.LIST, JSON, List.of()));
  }

  RouteDoc givesRaw(String media) {
    return with(Answer.raw(media));
  }

  /** It may also give nothing. */
  RouteDoc orNothing() {
    return or(204);
  }

  /** It may also answer with these statuses. */
  RouteDoc or(Integer... statuses) {
    return with(
        new Answer(
            answer.status(), answer.type(), answer.shape(), answer.media(), List.of(statuses)));
  }

  private RouteDoc with(Answer other) {
    return new RouteDoc(meaning, query, largestPage, request, other);
  }
}
