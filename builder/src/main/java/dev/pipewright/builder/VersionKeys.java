package dev.pipewright.builder;

import dev.pipewright.builder.image.ContentHash;
import dev.pipewright.builder.image.EngineJars;
import dev.pipewright.protocol.SourceName;
import org.jspecify.annotations.Nullable;

/**
 * The keys of pipeline versions: equal for equal content of the folder, the same engine with its
 * language, the same meta-pipeline and the same JDK. Thread-safe.
 */
final class VersionKeys {
  private final EngineJars jars;
  private final byte[] metaPipeline;
  private volatile @Nullable String tools;

  VersionKeys(EngineJars jars, byte[] metaPipeline) {
    this.jars = jars;
    this.metaPipeline = metaPipeline;
  }

  /** The key of a folder's content, such as {@code shop-0123456789abcdef}. */
  String key(SourceName source, String treeId) {
    return source + "-" + new ContentHash().text(treeId).text(tools()).abbreviated();
  }

  private String tools() {
    @Nullable String known = tools;
    if (known == null) {
      known =
          new ContentHash()
              .text("jdk " + Runtime.version().feature())
              .bytes(metaPipeline)
              .files(jars.engine())
              .files(jars.testing())
              .abbreviated();
      tools = known;
    }
    return known;
  }
}
