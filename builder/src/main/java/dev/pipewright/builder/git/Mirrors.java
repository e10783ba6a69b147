package dev.pipewright.builder.git;

import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.ForgeKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.eclipse.jgit.errors.RepositoryNotFoundException;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.RepositoryCache.FileKey;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.util.FS;
import org.jspecify.annotations.Nullable;

/** The bare mirrors of all sources, one folder each. Thread-safe. */
public final class Mirrors implements AutoCloseable {
  private final Path folder;
  private final MirrorFolders folders;
  private final boolean localAllowed;
  private final InstantSource clock;
  private final Map<SourceName, Mirror> open = new ConcurrentHashMap<>();

  /**
   * Mirrors below {@code folder}, which is made when first needed.
   *
   * @param localAllowed whether repositories on this machine's disk may be mirrored
   */
  public Mirrors(Path folder, boolean localAllowed, InstantSource clock) {
    GitSettings.install();
    this.folder = folder;
    this.folders = new MirrorFolders(folder);
    this.localAllowed = localAllowed;
    this.clock = clock;
  }

  /**
   * The mirror of a source; made empty if there is none yet. Nothing is fetched.
   *
   * @throws MirrorException if the folder cannot be used
   */
  public Mirror of(SourceName source) {
    Mirror mirror = open.computeIfAbsent(source, name -> new Mirror(name, repository(name), clock));
    folders.noteUse(source, clock.instant());
    return mirror;
  }

  /**
   * What a cleaning did.
   *
   * @param bytes what the removed mirrors held
   */
  public record Cleaned(int removed, long bytes) {}

  /**
   * Removes mirrors whose source is gone, or that nobody has asked for in thirty days, and packs
   * the others. What is removed is fetched again if it is asked for.
   *
   * @param sources all sources there are
   * @throws IOException if a folder cannot be read or removed
   */
  public Cleaned clean(Collection<SourceName> sources) throws IOException {
    long bytes = 0;
    int removed = 0;
    for (Path mirror : folders.unneeded(sources, clock.instant())) {
      bytes += remove(mirror, sources);
      removed++;
    }
    open.values().forEach(Mirror::tidy);
    return new Cleaned(removed, bytes);
  }

  /** While it is removed, nobody can open it again. */
  private long remove(Path mirror, Collection<SourceName> sources) throws IOException {
    Optional<SourceName> owner =
        Stream.concat(open.keySet().stream(), sources.stream())
            .filter(source -> folders.of(source).equals(mirror))
            .findFirst();
    if (owner.isEmpty()) {
      return MirrorFolders.delete(mirror);
    }
    AtomicLong bytes = new AtomicLong();
    try {
      open.compute(
          owner.get(),
          (name, opened) -> {
            if (opened != null) {
              opened.close();
            }
            bytes.set(deleted(mirror));
            return null;
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return bytes.get();
  }

  private static long deleted(Path mirror) {
    try {
      return MirrorFolders.delete(mirror);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Checks the address of a source; see {@link RemoteUrl} for what is allowed. */
  RemoteUrl remote(String url) {
    return RemoteUrl.of(url, localAllowed);
  }

  /**
   * Fetches one commit into the mirror of a source, unless it is there already.
   *
   * @param request what to fetch and from where
   * @throws MirrorException if the address is refused, the repository cannot be reached or does not
   *     hold the commit
   */
  public Mirror fetched(FetchRequest request) {
    Mirror mirror = of(request.source());
    if (!mirror.holds(request.commit())) {
      mirror.fetch(remote(request.url()), request);
    }
    return mirror;
  }

  /**
   * Fetches one commit into the mirror of a source and makes sure that its ref holds it, which
   * nobody else checks: what a delivery says may be forged or old, and a repository gives out
   * commits that are on none of its branches. What was once seen costs no network.
   *
   * @param request what to fetch; with the full name of a ref
   * @throws MirrorException if the address is refused, the repository cannot be reached, or the ref
   *     does not hold the commit
   */
  public Mirror confirmed(FetchRequest request) {
    String ref = Objects.requireNonNull(request.ref());
    Mirror mirror = of(request.source());
    if (!mirror.isSeen(request.commit(), ref)) {
      mirror.fetchFrom(remote(request.url()), request, ref);
    }
    return mirror;
  }

  /**
   * Asks the repository itself where a ref points now.
   *
   * @param ref a full or short branch or tag name; null for the default branch
   * @throws MirrorException if the repository cannot be reached or has no such ref
   */
  public Head head(SourceName source, String url, @Nullable String ref) {
    return of(source).head(remote(url), ref);
  }

  /**
   * Lists the branches and tags of a repository, and the heads of pull requests where the forge
   * keeps them there; nothing is fetched.
   *
   * @throws MirrorException if the repository cannot be reached, or has more branches than can be
   *     compared
   */
  public Listing refs(SourceName source, String url, ForgeKind forge) {
    return of(source).refs(remote(url), forge);
  }

  private Repository repository(SourceName source) {
    Path path = folders.of(source);
    try {
      Files.createDirectories(folder);
      FileRepositoryBuilder builder = new FileRepositoryBuilder();
      builder.setGitDir(path.toFile()).setBare();
      Repository repository = builder.build();
      if (!FileKey.isGitRepository(path.toFile(), FS.DETECTED)) {
        repository.create(true);
      }
      return repository;
    } catch (RepositoryNotFoundException e) {
      throw MirrorException.failed("Could not open the mirror of " + source + ".", e);
    } catch (IOException e) {
      throw MirrorException.failed(
          "Could not make the mirror of %s in %s: %s".formatted(source, path, e.getMessage()), e);
    }
  }

  /** Closes every mirror. Fetches under way fail. */
  @Override
  public void close() {
    open.values().forEach(Mirror::close);
    open.clear();
  }
}
