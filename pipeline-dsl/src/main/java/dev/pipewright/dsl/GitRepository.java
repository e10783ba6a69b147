package dev.pipewright.dsl;

import org.jspecify.annotations.Nullable;

/** Another Git repository than the one the pipeline is in. Immutable. */
public final class GitRepository {
  private final String url;
  private final @Nullable String branch;

  GitRepository(String url, @Nullable String branch) {
    this.url = url;
    this.branch = branch;
  }

  /**
   * Chooses a branch; without it the default branch is taken.
   *
   * @param name the branch
   * @return this repository at that branch
   */
  public GitRepository onBranch(String name) {
    return new GitRepository(url, name);
  }

  String url() {
    return url;
  }

  @Nullable String branch() {
    return branch;
  }

  @Override
  public String toString() {
    return "GitRepository " + url;
  }
}
