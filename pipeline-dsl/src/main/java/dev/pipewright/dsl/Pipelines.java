package dev.pipewright.dsl;

/** The door to a pipeline: {@code pipeline("shop").startedBy(...).runs(...)}. */
public final class Pipelines {
  private Pipelines() {}

  /**
   * Begins a pipeline.
   *
   * @param name unique on the server; up to 100 characters without {@code #}, {@code /} and {@code
   *     " :: "}
   * @return a pipeline that still needs its triggers
   */
  public static NamedPipeline pipeline(String name) {
    return new NamedPipeline(name, Caller.location());
  }
}
