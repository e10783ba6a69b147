package dev.pipewright.builder.meta;

/** Pipeline code that tests compile. */
public final class Code {
  /** A pipeline that compiles. */
  public static final String SHOP =
      """
      import dev.pipewright.dsl.*;
      import static dev.pipewright.dsl.Pipelines.pipeline;
      import static dev.pipewright.dsl.Steps.*;
      import static dev.pipewright.dsl.Triggers.*;

      public final class ShopPipeline implements PipelineDefinition {
        @Override
        public Pipeline define() {
          return pipeline("shop").startedBy(push()).runs(checkout(), sh("say", "echo hello"));
        }
      }
      """;

  private Code() {}

  /** A pipeline whose {@code define()} does {@code what} first. */
  public static String doing(String what) {
    return SHOP.replace("return pipeline(", what + "\n    return pipeline(");
  }
}
