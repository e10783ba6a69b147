package dev.pipewright.protocol.api;

/** A problem, thrown by a use case or read from an answer; HTTP maps it in one place. */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  public ApiException(Problem problem) {
    super(problem.detail() == null ? problem.title() : problem.title() + " " + problem.detail());
    this.problem = problem;
  }

  public ApiException(Problem.Code code, String title) {
    this(Problem.of(code, title, null));
  }

  public ApiException(Problem.Code code, String title, String detail) {
    this(Problem.of(code, title, detail));
  }

  /** What went wrong. */
  public Problem problem() {
    return problem;
  }

  /** True if this is the problem {@code code}. */
  public boolean is(Problem.Code code) {
    return problem.code().equals(code.text());
  }
}
