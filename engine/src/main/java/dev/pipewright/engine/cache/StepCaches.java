package dev.pipewright.engine.cache;

import dev.pipewright.dsl.definition.Modifier;
import dev.pipewright.engine.files.WorkspaceFiles;
import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.Folders;
import dev.pipewright.protocol.api.CacheAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Consumer;

/**
 * The caches of one step: restored before it, stored after it if there was none for the key. Says
 * in the log what it did and why not; whatever goes wrong, the step goes on without. Confined to
 * the thread of the step.
 */
public final class StepCaches {
  private final Caches caches;
  private final Path root;
  private final Consumer<String> log;
  private final CacheLimits limits;
  private final CacheKey keys;
  private final List<Missed> missed = new ArrayList<>();

  private record Missed(String key, List<Path> paths) {}

  /**
   * Caches for a step in a workspace.
   *
   * @throws IOException if there is no workspace
   */
  public StepCaches(Caches caches, Path workspace, Consumer<String> log) throws IOException {
    this(caches, workspace, log, CacheLimits.DEFAULT);
  }

  StepCaches(Caches caches, Path workspace, Consumer<String> log, CacheLimits limits)
      throws IOException {
    this.caches = caches;
    this.root = workspace.toRealPath();
    this.log = log;
    this.limits = limits;
    this.keys = new CacheKey(new WorkspaceFiles(workspace), log);
  }

  /** Brings what is kept. Folders that are there already stay as they are. */
  public void restore(List<Modifier.Cache> wanted) throws InterruptedException {
    for (Modifier.Cache each : wanted) {
      String key = each.key();
      try {
        key = keys.of(each.key(), each.paths());
        restore(key, paths(each.paths()));
      } catch (IOException e) {
        log.accept("[cache %s: not used: %s]".formatted(key, e.getMessage()));
      }
    }
  }

  private void restore(String key, List<Path> paths) throws IOException, InterruptedException {
    CacheAnswer answer = caches.find(key);
    BlobDigest blob = answer.blob();
    if (blob == null) {
      log.accept("[cache %s: miss: %s]".formatted(key, answer.reason()));
      missed.add(new Missed(key, paths));
      return;
    }
    if (answer.size() > limits.packed()) {
      throw new CacheException("it is larger than " + Sizes.shown(limits.packed()));
    }
    if (paths.stream().allMatch(path -> isThere(root.resolve(path)))) {
      log.accept("[cache %s: hit, but everything is there already]".formatted(key));
      return;
    }
    Path archive = Files.createTempFile("pipewright-cache-", ".tar.gz");
    try {
      caches.fetch(blob, archive);
      unpack(archive, paths, key);
      log.accept(
          "[cache %s: hit, %s: %s]".formatted(key, Sizes.shown(answer.size()), answer.reason()));
    } finally {
      Files.deleteIfExists(archive);
    }
  }

  private void unpack(Path archive, List<Path> paths, String key) throws IOException {
    Path staging = Files.createTempDirectory(root, ".pipewright-cache-");
    try {
      Unpacking unpacking = new Unpacking(staging, paths, limits);
      try {
        unpacking.unpack(archive);
      } catch (IOException e) {
        throw new CacheException("it " + describe(e));
      }
      for (Path path : paths) {
        move(staging, path, unpacking.folderModes(), key);
      }
    } finally {
      Folders.delete(staging);
    }
  }

  private static String describe(IOException e) {
    return e instanceof CacheException
        ? String.valueOf(e.getMessage())
        : "is broken: " + e.getMessage();
  }

  private void move(Path staging, Path path, SequencedMap<Path, Integer> modes, String key)
      throws IOException {
    Path from = staging.resolve(path);
    Path target = root.resolve(path);
    if (!isThere(from)) {
      return;
    }
    if (isThere(target)) {
      log.accept("[cache %s: %s is there already and stays as it is]".formatted(key, path));
      return;
    }
    Path parent = Files.createDirectories(target.getParent());
    if (!parent.toRealPath().startsWith(root)) {
      throw new CacheException("a link leads out of the workspace at " + path);
    }
    Files.move(from, target);
    // Inner folders first: a folder may forbid to enter it.
    for (Map.Entry<Path, Integer> folder : modes.sequencedEntrySet().reversed()) {
      if (folder.getKey().startsWith(path)) {
        Modes.set(root.resolve(folder.getKey()), folder.getValue());
      }
    }
  }

  /** Keeps the folders for every key that had none. Called after a success. */
  public void store() throws InterruptedException {
    for (Missed each : missed) {
      try {
        store(each);
      } catch (IOException e) {
        log.accept("[cache %s: not stored: it %s]".formatted(each.key(), describe(e)));
      }
    }
  }

  private void store(Missed cache) throws IOException, InterruptedException {
    List<Path> there = cache.paths().stream().map(root::resolve).filter(this::isOwn).toList();
    if (there.isEmpty()) {
      log.accept(
          "[cache %s: not stored: there is no %s]"
              .formatted(
                  cache.key(),
                  String.join(", ", cache.paths().stream().map(Path::toString).toList())));
      return;
    }
    Path archive = Files.createTempFile("pipewright-cache-", ".tar.gz");
    try {
      Packing packing = new Packing(root, limits);
      packing.pack(there, archive);
      caches.store(cache.key(), archive);
      String left =
          packing.leftOut() == 0
              ? ""
              : ", without %d links that lead out of the workspace".formatted(packing.leftOut());
      log.accept(
          "[cache %s: stored, %s%s]"
              .formatted(cache.key(), Sizes.shown(Files.size(archive)), left));
    } finally {
      Files.deleteIfExists(archive);
    }
  }

  /** True for what is there and is not reached through a link that leads out. */
  private boolean isOwn(Path path) {
    try {
      Path parent = path.getParent();
      return isThere(path) && parent != null && parent.toRealPath().startsWith(root);
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isThere(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  private static List<Path> paths(List<String> written) throws CacheException {
    List<Path> paths = new ArrayList<>();
    for (String each : written) {
      Path path = Path.of(each).normalize();
      if (path.isAbsolute() || path.startsWith("..") || path.toString().isEmpty()) {
        throw new CacheException("'" + each + "' is not a path inside the workspace");
      }
      paths.add(path);
    }
    return paths;
  }
}
