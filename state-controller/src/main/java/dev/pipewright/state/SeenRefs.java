package dev.pipewright.state;

import dev.pipewright.protocol.SourceName;
import java.util.Map;

/**
 * What the refs of a source pointed to when they were last looked at, as it is kept.
 *
 * @param commits the full name of each branch and tag, and its commit
 */
public record SeenRefs(SourceName source, Map<String, String> commits) {
  public SeenRefs {
    commits = Map.copyOf(commits);
  }
}
