package dev.pipewright.state.http;

/** Whose token a route asks for. */
enum Need {
  /** Nobody's. */
  NOTHING,
  /** Nobody's, or any if the server is configured with closed reads; also as password of Basic. */
  READ,
  /** Like READ; the token may also be a parameter. */
  FEED,
  /** Any. */
  ANYBODY,
  /** A person's. */
  ADMIN,
  /** A Spawner's or Builder's, or a person's. */
  SERVICE,
  /** That of the run in the path. */
  RUN,
  /** That of the run in the path, or a service's. */
  RUN_OR_SERVICE,
  /** That of any run, or a service's: the route decides what it may do. */
  BLOB;

  /**
   * True where a token may come by Basic. A browser sends that by itself to whatever page asks for
   * it, so nothing that changes anything may rely on it.
   */
  boolean allowsBasic() {
    return this == READ || this == FEED;
  }
}
