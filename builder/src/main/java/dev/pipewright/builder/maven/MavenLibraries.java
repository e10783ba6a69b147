package dev.pipewright.builder.maven;

import dev.pipewright.builder.disk.OldFolders;
import dev.pipewright.builder.meta.Library;
import dev.pipewright.builder.meta.LibraryLock;
import dev.pipewright.protocol.BlobDigest;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.apache.maven.model.building.DefaultModelProcessor;
import org.apache.maven.model.io.DefaultModelReader;
import org.apache.maven.model.superpom.DefaultSuperPomProvider;
import org.apache.maven.repository.internal.MavenRepositorySystemUtils;
import org.eclipse.aether.AbstractRepositoryListener;
import org.eclipse.aether.DefaultRepositorySystemSession;
import org.eclipse.aether.RepositoryEvent;
import org.eclipse.aether.RepositoryException;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.collection.CollectRequest;
import org.eclipse.aether.graph.Dependency;
import org.eclipse.aether.repository.LocalRepository;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.repository.RepositoryPolicy;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;
import org.eclipse.aether.resolution.ArtifactResult;
import org.eclipse.aether.resolution.DependencyRequest;
import org.eclipse.aether.resolution.DependencyResolutionException;
import org.eclipse.aether.supplier.RepositorySystemSupplier;
import org.eclipse.aether.transfer.ArtifactNotFoundException;
import org.eclipse.aether.util.artifact.JavaScopes;
import org.eclipse.aether.util.filter.DependencyFilterUtils;
import org.eclipse.aether.util.repository.JreProxySelector;
import org.eclipse.aether.util.repository.SimpleResolutionErrorPolicy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Libraries and what they need, from one Maven repository. Repositories that a library names by
 * itself are not asked, so nobody but the operator says where code comes from. Thread-safe.
 */
public final class MavenLibraries {
  private static final Logger log = LoggerFactory.getLogger(MavenLibraries.class);
  private static final String CENTRAL = "central";
  private static final String CONNECT_MILLIS = "10000";
  private static final String SILENCE_MILLIS = "60000";

  private final Path local;
  private final RemoteRepository repository;
  private final InstantSource clock;

  /** Shared by those who fetch; whoever removes files has it alone. */
  private final ReadWriteLock files = new ReentrantReadWriteLock();

  private MavenLibraries(Path local, RemoteRepository repository, InstantSource clock) {
    this.local = local;
    this.repository = repository;
    this.clock = clock;
  }

  /**
   * Libraries of one repository.
   *
   * @param local where files are kept once they were fetched
   * @param url the repository; null for Maven's own default, or the mirror of it that Maven's
   *     settings on this machine name
   */
  public static MavenLibraries of(Path local, @Nullable String url) {
    return of(local, url, InstantSource.system());
  }

  /** The same by another clock, which says when a file was used last. */
  public static MavenLibraries of(Path local, @Nullable String url, InstantSource clock) {
    return new MavenLibraries(
        local,
        url == null
            ? MavenSettings.ofThisMachine().mirrored(repository(whereCentralIs()))
            : repository(url),
        clock);
  }

  private static RemoteRepository repository(String url) {
    RepositoryPolicy always =
        new RepositoryPolicy(
            true, RepositoryPolicy.UPDATE_POLICY_NEVER, RepositoryPolicy.CHECKSUM_POLICY_FAIL);
    return new RemoteRepository.Builder(CENTRAL, "default", url)
        .setReleasePolicy(always)
        .setSnapshotPolicy(new RepositoryPolicy(false, null, null))
        .build();
  }

  /** Every Maven project inherits from a model that names the default repository. */
  private static String whereCentralIs() {
    DefaultModelProcessor processor = new DefaultModelProcessor();
    processor.setModelReader(new DefaultModelReader());
    return new DefaultSuperPomProvider()
        .setModelProcessor(processor)
        .getSuperModel("4.0.0")
        .getRepositories()
        .getFirst()
        .getUrl();
  }

  /**
   * Fetches libraries: what a lock says, or without one what they come to today.
   *
   * @param lock the text of the lock; null if there is none
   * @throws LibraryException if one cannot be had, or the lock does not fit
   */
  public ResolvedLibraries get(SortedSet<Library> wanted, @Nullable String lock)
      throws LibraryException {
    if (lock == null) {
      return resolve(wanted);
    }
    try {
      LibraryLock read = LibraryLock.parse(lock);
      List<String> differences = read.differences(wanted);
      if (!differences.isEmpty()) {
        throw LibraryException.refused(
            String.join("\n", differences) + "\nWrite it anew with: pipewright check --lock");
      }
      return fetch(read);
    } catch (IllegalArgumentException e) {
      throw LibraryException.refused(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Finds out what libraries come to today, and fetches it.
   *
   * @throws LibraryException if one cannot be had
   */
  public ResolvedLibraries resolve(SortedSet<Library> wanted) throws LibraryException {
    CollectRequest collect = new CollectRequest().addRepository(repository);
    wanted.forEach(
        library -> collect.addDependency(new Dependency(artifact(library), JavaScopes.RUNTIME)));
    DependencyRequest request =
        new DependencyRequest(collect, DependencyFilterUtils.classpathFilter(JavaScopes.RUNTIME));
    RepositorySystem system = new RepositorySystemSupplier().get();
    files.readLock().lock();
    try {
      return resolved(
          wanted,
          system.resolveDependencies(session(system), request).getArtifactResults().stream()
              .map(ArtifactResult::getArtifact)
              .filter(artifact -> "jar".equals(artifact.getExtension()))
              .toList());
    } catch (DependencyResolutionException e) {
      throw problem(e);
    } finally {
      files.readLock().unlock();
      system.shutdown();
    }
  }

  /**
   * Fetches exactly what a lock names.
   *
   * @throws LibraryException if a file cannot be had, or is another one than it was
   */
  public ResolvedLibraries fetch(LibraryLock lock) throws LibraryException {
    List<ArtifactRequest> requests =
        lock.files().keySet().stream()
            .map(library -> new ArtifactRequest(artifact(library), List.of(repository), null))
            .toList();
    RepositorySystem system = new RepositorySystemSupplier().get();
    ResolvedLibraries found;
    files.readLock().lock();
    try {
      found =
          resolved(
              lock.wanted(),
              system.resolveArtifacts(session(system), requests).stream()
                  .map(ArtifactResult::getArtifact)
                  .toList());
    } catch (ArtifactResolutionException e) {
      throw problem(e);
    } finally {
      files.readLock().unlock();
      system.shutdown();
    }
    refuseOthers(lock.files(), found.lock().files());
    return found;
  }

  /**
   * Removes the files of libraries that nobody has asked for in thirty days: bundles have their own
   * copies. Nothing is removed while something is being fetched.
   */
  public OldFolders.Removed clean() throws IOException {
    if (!files.writeLock().tryLock()) {
      return OldFolders.Removed.NOTHING;
    }
    try {
      return OldFolders.remove(local, OldFolders.leaves(local), clock.instant());
    } finally {
      files.writeLock().unlock();
    }
  }

  /** Notes on the folder of each file that it is used: of jars, and of what describes them. */
  private final class Uses extends AbstractRepositoryListener {
    @Override
    public void artifactResolved(RepositoryEvent event) {
      File file = event.getFile();
      if (file == null) {
        return;
      }
      try {
        OldFolders.noteUse(Objects.requireNonNull(file.toPath().getParent()), clock.instant());
      } catch (IOException e) {
        log.atDebug().addKeyValue("library", event.getArtifact()).setCause(e).log("Use not noted");
      }
    }
  }

  private static void refuseOthers(
      Map<Library, BlobDigest> expected, Map<Library, BlobDigest> found) throws LibraryException {
    for (Map.Entry<Library, BlobDigest> file : expected.entrySet()) {
      if (!file.getValue().equals(found.get(file.getKey()))) {
        throw new LibraryException(
            ("%s is not the file that %s names: its SHA-256 is %s. Find out who changed it before"
                    + " you write the lock anew.")
                .formatted(
                    file.getKey(),
                    LibraryLock.FILE,
                    Objects.requireNonNull(found.get(file.getKey())).hex()),
            false);
      }
    }
  }

  private static ResolvedLibraries resolved(SortedSet<Library> wanted, List<Artifact> artifacts) {
    SortedMap<Library, BlobDigest> digests = new TreeMap<>();
    SortedMap<Library, Path> jars = new TreeMap<>();
    try {
      for (Artifact artifact : artifacts) {
        Library library =
            new Library(
                artifact.getGroupId(),
                artifact.getArtifactId(),
                artifact.getVersion(),
                artifact.getClassifier());
        Path jar = artifact.getFile().toPath();
        digests.put(library, BlobDigest.of(jar));
        jars.put(library, jar);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Could not read a library: " + e.getMessage(), e);
    }
    return new ResolvedLibraries(new LibraryLock(wanted, digests), new ArrayList<>(jars.values()));
  }

  private static Artifact artifact(Library library) {
    return new DefaultArtifact(
        library.group(), library.artifact(), library.classifier(), "jar", library.version());
  }

  private DefaultRepositorySystemSession session(RepositorySystem system) {
    DefaultRepositorySystemSession session = MavenRepositorySystemUtils.newSession();
    session.setLocalRepositoryManager(
        system.newLocalRepositoryManager(session, new LocalRepository(local.toFile())));
    session.setIgnoreArtifactDescriptorRepositories(true);
    session.setResolutionErrorPolicy(new SimpleResolutionErrorPolicy(false, false));
    session.setProxySelector(new JreProxySelector());
    session.setRepositoryListener(new Uses());
    session.setSystemProperties(System.getProperties());
    session.setConfigProperty("aether.connector.connectTimeout", CONNECT_MILLIS);
    session.setConfigProperty("aether.connector.requestTimeout", SILENCE_MILLIS);
    return session;
  }

  private static LibraryException problem(RepositoryException e) {
    @Nullable Throwable missing = e;
    while (missing != null && !(missing instanceof ArtifactNotFoundException)) {
      missing = missing.getCause();
    }
    if (missing instanceof ArtifactNotFoundException absent) {
      return new LibraryException(
          "The library %s is not in the repository. Check its name and version."
              .formatted(name(absent.getArtifact())),
          false);
    }
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String why = root == e ? "" : " (" + line(String.valueOf(root.getMessage())) + ")";
    return new LibraryException(
        "The libraries could not be fetched: " + line(String.valueOf(e.getMessage())) + why, true);
  }

  private static String name(Artifact artifact) {
    return artifact.getGroupId() + ":" + artifact.getArtifactId() + ":" + artifact.getVersion();
  }

  private static String line(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ").strip();
  }
}
