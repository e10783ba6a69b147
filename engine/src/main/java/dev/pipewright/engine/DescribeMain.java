package dev.pipewright.engine;

import dev.pipewright.engine.load.Description;
import dev.pipewright.engine.load.PipelineCode;
import dev.pipewright.protocol.api.DescribeResult;
import dev.pipewright.protocol.json.Json;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Prints what compiled pipeline code says of itself as one JSON document ({@link DescribeResult}).
 * Exit code 0 with plans, 1 with problems, 2 if called wrongly. It calls code of users, so it runs
 * in a process of its own with a time limit.
 */
public final class DescribeMain {
  private DescribeMain() {}

  /** {@code args}: the folder or jar with the definitions, then jars they need. */
  public static void main(String[] args) {
    if (args.length == 0) {
      System.err.println("Name the folder or jar to describe, and after it the jars it needs.");
      System.exit(2);
    }
    PrintStream out = System.out;
    System.setOut(System.err);
    DescribeResult result;
    try (PipelineCode code = PipelineCode.open(Stream.of(args).map(Path::of).toList())) {
      result = Description.of(code);
    } catch (RuntimeException e) {
      result =
          new DescribeResult(
              List.of(), List.of(new DescribeResult.CodeProblem(String.valueOf(e), null, 0)));
    }
    out.println(Json.text(result));
    out.flush();
    Runtime.getRuntime().halt(result.problems().isEmpty() ? 0 : 1);
  }
}
