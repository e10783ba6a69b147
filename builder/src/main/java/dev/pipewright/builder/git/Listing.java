package dev.pipewright.builder.git;

import dev.pipewright.protocol.api.RemoteRef;
import java.util.List;

/**
 * The refs of a repository.
 *
 * @param pulls true if the heads of pull requests are among them, where there are any
 */
public record Listing(List<RemoteRef> refs, boolean pulls) {
  public Listing {
    refs = List.copyOf(refs);
  }
}
