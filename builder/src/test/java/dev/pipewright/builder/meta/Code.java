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

  /** A test of that pipeline that passes. */
  public static final String SHOP_TEST =
      """
      import static dev.pipewright.protocol.run.Outcome.SUCCEEDED;
      import static org.junit.jupiter.api.Assertions.assertEquals;

      import dev.pipewright.test.PipelineTester;
      import org.junit.jupiter.api.Test;

      class ShopPipelineTest {
        @Test
        void whatIsPushedIsSaid() {
          PipelineTester.of(new ShopPipeline()).run().assertOutcome(SUCCEEDED).assertOrder("say");
        }
      }
      """;

  /** A test of that pipeline that fails, in its line 10. */
  public static final String RED_TEST =
      SHOP_TEST.replace(
          "@Test\n",
          "@Test\n  void sumsAreRight() {\n    assertEquals(4, 2 + 3, \"sums\");\n  }\n\n  @Test\n");

  private Code() {}

  /** A pipeline whose {@code define()} does {@code what} first. */
  public static String doing(String what) {
    return SHOP.replace("return pipeline(", what + "\n    return pipeline(");
  }
}
