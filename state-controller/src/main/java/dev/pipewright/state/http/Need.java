package dev.pipewright.state.http;

import org.jspecify.annotations.Nullable;

/** Whose token a route asks for. */
enum Need {
  /** Nobody's. */
  NOTHING("-"),
  /**
   * Nobody's. If the server is configured with closed reads, any, but a run's only for what is of
   * that run. The token may also be the password of Basic.
   */
  READ("-"),
  /** Like READ, and of no single run; the token may also be a parameter. */
  FEED("-"),
  /** Any. */
  ANYBODY("any"),
  /** That of a person who may run things. */
  OPERATOR("operator"),
  /** That of a person who may do everything. */
  ADMIN("admin"),
  /** A Spawner's or Builder's, or an administrator's. */
  SERVICE("service"),
  /** That of the run in the path, or an administrator's. */
  RUN("run"),
  /** That of the run in the path, a service's, or an administrator's. */
  RUN_OR_SERVICE("run, service"),
  /** That of any run, a service's or an administrator's: the route decides what it may do. */
  BLOB("run, service");

  private final String word;

  Need(String word) {
    this.word = word;
  }

  /** Whose token it asks for, as the documents write it. */
  String word() {
    return word;
  }

  /** What to come with instead; null if there is nothing to say. */
  @Nullable String asks() {
    return switch (this) {
      case OPERATOR -> "It takes a token of the role operator or admin.";
      case ADMIN -> "It takes a token of the role admin.";
      case READ, FEED ->
          "Where reads are closed, the token of a run reads only what is of that run.";
      case NOTHING, ANYBODY, SERVICE, RUN, RUN_OR_SERVICE, BLOB -> null;
    };
  }

  /**
   * True for what only reads, and so may be open to everybody. There a token may come by Basic as
   * well. A browser sends that by itself to whatever page asks for it, so nothing that changes
   * anything may rely on it.
   */
  boolean isRead() {
    return this == READ || this == FEED;
  }
}
