package dev.pipewright.builder;

import dev.pipewright.builder.git.Listing;
import dev.pipewright.builder.git.MirrorException;
import dev.pipewright.builder.git.Mirrors;
import dev.pipewright.protocol.api.ForgeKind;
import dev.pipewright.protocol.api.LookDone;
import dev.pipewright.protocol.api.LookWork;
import dev.pipewright.protocol.api.SourceView;
import dev.pipewright.protocol.client.WorkClient;
import java.util.List;

/** Lists the refs of sources, so that commits are found whose webhook was lost. Thread-safe. */
final class Looks {
  private final WorkClient client;
  private final Mirrors mirrors;

  Looks(WorkClient client, Mirrors mirrors) {
    this.client = client;
    this.mirrors = mirrors;
  }

  /** Does one claimed look and tells what it has found. May be repeated. */
  void look(LookWork work) {
    client.lookDone(found(work));
  }

  private LookDone found(LookWork work) {
    SourceView source = work.source();
    try {
      ForgeKind forge = ForgeKind.of(source.forge()).orElse(ForgeKind.PLAIN_GIT);
      Listing found = mirrors.refs(source.name(), source.url(), forge);
      return new LookDone(source.name(), work.fence(), found.refs(), null, found.pulls());
    } catch (MirrorException e) {
      return new LookDone(source.name(), work.fence(), List.of(), e.getMessage(), null);
    }
  }
}
