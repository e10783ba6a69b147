package dev.pipewright.engine.cache;

import dev.pipewright.engine.files.WorkspaceFiles;
import dev.pipewright.protocol.BlobDigest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.SortedSet;
import java.util.function.Consumer;

/**
 * Makes the key under which folders are kept out of the one that was written: each {@code
 * {files:<glob>}} becomes a hash over the names and contents of the files that match, and what the
 * folders are is part of it, so that runs which cache other folders do not meet. Confined to one
 * step.
 */
final class CacheKey {
  private static final String FILES = "{files:";
  private static final int LONGEST = 180;

  private final WorkspaceFiles files;
  private final Consumer<String> log;

  CacheKey(WorkspaceFiles files, Consumer<String> log) {
    this.files = files;
    this.log = log;
  }

  String of(String written, List<String> paths) throws IOException {
    StringBuilder key = new StringBuilder();
    int at = 0;
    while (true) {
      int begin = written.indexOf(FILES, at);
      int end = begin < 0 ? -1 : written.indexOf('}', begin);
      if (end < 0) {
        key.append(written, at, written.length());
        break;
      }
      key.append(written, at, begin);
      key.append(contents(written.substring(begin + FILES.length(), end)));
      at = end + 1;
    }
    String folders = hash(String.join("\n", paths.stream().sorted().toList()));
    return bounded(key.toString()) + "@" + folders.substring(0, 8);
  }

  private String contents(String glob) throws IOException {
    SortedSet<String> names = files.matching(glob);
    if (names.isEmpty()) {
      log.accept("No file matches " + glob + " of the cache key.");
    }
    MessageDigest sha256 = BlobDigest.sha256();
    for (String name : names) {
      sha256.update(
          (name + "\0" + Files.size(files.resolve(name)) + "\0").getBytes(StandardCharsets.UTF_8));
      try (InputStream in = Files.newInputStream(files.resolve(name));
          var out = new DigestOutputStream(OutputStream.nullOutputStream(), sha256)) {
        in.transferTo(out);
      }
    }
    return BlobDigest.of(sha256).hex().substring(0, 16);
  }

  private static String bounded(String key) {
    return key.length() <= LONGEST
        ? key
        : key.substring(0, LONGEST - 17) + "-" + hash(key).substring(0, 16);
  }

  private static String hash(String text) {
    return BlobDigest.of(text.getBytes(StandardCharsets.UTF_8)).hex();
  }
}
