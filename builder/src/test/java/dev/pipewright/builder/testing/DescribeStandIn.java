package dev.pipewright.builder.testing;

import dev.pipewright.dsl.PipelineDefinition;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.api.DescribeResult;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Plan;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;

/** Does what an engine does to describe one class named ShopPipeline. */
public final class DescribeStandIn {
  private DescribeStandIn() {}

  public static void main(String[] args) throws Exception {
    PrintStream out = System.out;
    System.setOut(System.err);
    DescribeResult result;
    URL[] places = new URL[args.length];
    for (int i = 0; i < args.length; i++) {
      places[i] = Path.of(args[i]).toUri().toURL();
    }
    try (URLClassLoader loader = new URLClassLoader(places)) {
      PipelineDefinition definition =
          (PipelineDefinition)
              loader.loadClass("ShopPipeline").getDeclaredConstructor().newInstance();
      PipelineName name = new PipelineName(definition.define().name());
      result =
          new DescribeResult(
              List.of(new Plan(name, "ShopPipeline", List.of(), null, List.of())), List.of());
    } catch (RuntimeException e) {
      result =
          new DescribeResult(
              List.of(),
              List.of(new DescribeResult.CodeProblem(e.toString(), "ShopPipeline.java", 9)));
    }
    out.println(Json.text(result));
    out.flush();
    System.exit(result.problems().isEmpty() ? 0 : 1);
  }
}
