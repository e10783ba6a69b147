package dev.pipewright.state.http;

import java.io.IOException;

/**
 * One route: what it is called, whom it lets in, how much it reads, what it does.
 *
 * @param path below {@code /api/v1}, as {@code /runs/:run/events}; {@code *} at the end for the
 *     rest
 * @param bodyLimit how many bytes a body may have; {@link #STREAMED} if the work reads it itself
 */
record Endpoint(String method, String path, Need need, long bodyLimit, Work work) {
  static final long STREAMED = -1;
  static final long NO_BODY = 64 * 1024;
  static final long JSON = 16 * 1024 * 1024;

  /** What a route does; runs on a virtual thread and may block. */
  interface Work {
    Reply reply(Call call) throws IOException;
  }

  /** Whether it is about one run, which is the second part of the path. */
  boolean isOfRun() {
    return path.startsWith("/runs/:run");
  }

  static Endpoint get(String path, Work work) {
    return new Endpoint("GET", path, Need.READ, NO_BODY, work);
  }

  static Endpoint get(String path, Need need, Work work) {
    return new Endpoint("GET", path, need, NO_BODY, work);
  }

  static Endpoint post(String path, Need need, Work work) {
    return new Endpoint("POST", path, need, JSON, work);
  }
}
