package dev.pipewright.protocol.api;

import dev.pipewright.protocol.run.Plan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the pipeline code of a commit says of itself: plans, or all problems. */
public record DescribeResult(List<Plan> plans, List<CodeProblem> problems) {
  public DescribeResult {
    plans = List.copyOf(plans);
    problems = List.copyOf(problems);
  }

  /** One problem of pipeline code; {@code line} is 0 where no line is known. */
  public record CodeProblem(String message, @Nullable String file, int line) {
    @Override
    public String toString() {
      return file == null ? message : file + (line > 0 ? ":" + line : "") + ": " + message;
    }
  }
}
