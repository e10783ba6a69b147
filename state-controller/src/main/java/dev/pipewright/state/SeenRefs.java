package dev.pipewright.state;

import dev.pipewright.protocol.SourceName;
import java.util.Map;

/**
 * What the refs of a source pointed to when they were last looked at, as it is kept.
 *
 * @param commits the full name of each branch, tag and head of a pull request, and its commit
 * @param pulls whether the heads of pull requests are among them, where there are any
 */
public record SeenRefs(SourceName source, Map<String, String> commits, boolean pulls) {
  public SeenRefs {
    commits = Map.copyOf(commits);
  }
}
