package dev.pipewright.dsl;

import org.jspecify.annotations.Nullable;

/** Another Git repository than the one the pipeline is in. Immutable. */
public final class GitRepository {
  private final String url;
  private final @Nullable String branch;
  private final String folder;

  private GitRepository(String url, @Nullable String branch, String folder) {
    this.url = url;
    this.branch = branch;
    this.folder = folder;
  }

  /** The default branch of the repository, in a folder of its name. */
  static GitRepository at(String url) {
    String path = url.replaceAll("/+$", "");
    String last = path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf(':')) + 1);
    String name = last.endsWith(".git") ? last.substring(0, last.length() - 4) : last;
    return new GitRepository(url, null, name);
  }

  /**
   * Chooses a branch; without it the default branch is taken.
   *
   * @param name the branch
   * @return this repository at that branch
   */
  public GitRepository onBranch(String name) {
    return new GitRepository(url, name, folder);
  }

  /**
   * Chooses the folder it is put into; without it the folder is named as the last part of the URL.
   *
   * @param path relative to the workspace
   * @return this repository in that folder
   */
  public GitRepository into(String path) {
    return new GitRepository(url, branch, path);
  }

  String url() {
    return url;
  }

  @Nullable String branch() {
    return branch;
  }

  String folder() {
    return folder;
  }

  @Override
  public String toString() {
    return "GitRepository " + url;
  }
}
