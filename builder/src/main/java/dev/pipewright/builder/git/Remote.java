package dev.pipewright.builder.git;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import org.eclipse.jgit.errors.NotSupportedException;
import org.eclipse.jgit.errors.PackProtocolException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.ProgressMonitor;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.util.FS;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The repository behind a mirror, reached over the network or on this machine. Confined. */
final class Remote {
  private static final Logger log = LoggerFactory.getLogger(Remote.class);
  private static final boolean HAS_GIT = hasGit();
  private static final int SILENCE_SECONDS = 30;
  private static final Duration LONGEST_FETCH = Duration.ofMinutes(10);

  private final Repository mirror;
  private final RemoteUrl url;
  private final InstantSource clock;

  Remote(Repository mirror, RemoteUrl url, InstantSource clock) {
    this.mirror = mirror;
    this.url = url;
    this.clock = clock;
  }

  private static boolean hasGit() {
    @Nullable String path = System.getenv("PATH");
    return path != null
        && Arrays.stream(path.split(File.pathSeparator))
            .filter(folder -> !folder.isEmpty())
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "git")));
  }

  RemoteUrl url() {
    return url;
  }

  /**
   * Fetches, shallow.
   *
   * @throws TransportException if the repository cannot be reached or refuses; servers have no
   *     common word for "not this commit", so the two cannot be told apart here
   */
  void fetch(RefSpec spec, int depth) throws TransportException {
    refuseSha256();
    try {
      fetch(mirror, spec, depth);
    } catch (TransportException e) {
      if (!isMisunderstood(e)) {
        throw e;
      }
      log.atDebug().addKeyValue("repository", url).setCause(e).log("Fetched without what is here");
      new FreshFetch(mirror).run(spec, empty -> fetch(empty, spec, depth));
    }
  }

  private static boolean isMisunderstood(Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof PackProtocolException) {
        return true;
      }
    }
    return false;
  }

  private void fetch(Repository into, RefSpec spec, int depth) throws TransportException {
    try (Transport transport = open(into)) {
      transport.setTagOpt(TagOpt.NO_TAGS);
      transport.setDepth(depth);
      transport.setRemoveDeletedRefs(false);
      Instant end = clock.instant().plus(LONGEST_FETCH);
      transport.fetch(new Deadline(clock, end), List.of(spec));
    } catch (NotSupportedException e) {
      throw new TransportException(String.valueOf(e.getMessage()), e);
    }
  }

  List<Ref> refs() {
    refuseSha256();
    try (Transport transport = open(mirror);
        FetchConnection connection = transport.openFetch()) {
      return List.copyOf(connection.getRefs());
    } catch (IOException | IllegalArgumentException e) {
      throw unreachable(e);
    }
  }

  private Transport open(Repository into) throws NotSupportedException, TransportException {
    try {
      Transport transport = Transport.open(into, new URIish(url.value()));
      if (url.local() && HAS_GIT) {
        // JGit would speak the first protocol with itself, in which it fails: see FreshFetch.
        transport.setOptionUploadPack("git -c 'safe.directory=*' upload-pack");
      }
      transport.setTimeout(SILENCE_SECONDS);
      return transport;
    } catch (java.net.URISyntaxException e) {
      throw new TransportException("the address cannot be read", e);
    }
  }

  private void refuseSha256() {
    if (!url.local()) {
      return;
    }
    String path = url.value().replaceFirst("^file://", "");
    for (Path config : List.of(Path.of(path, "config"), Path.of(path, ".git", "config"))) {
      if (Files.isRegularFile(config) && usesSha256(config)) {
        throw MirrorException.refused(
            "The repository %s uses SHA-256 commit ids, which are not supported yet. Use a SHA-1"
                    .formatted(url)
                + " repository.");
      }
    }
  }

  private static boolean usesSha256(Path config) {
    try {
      StoredConfig read = new FileBasedConfig(config.toFile(), FS.DETECTED);
      read.load();
      return "sha256".equalsIgnoreCase(read.getString("extensions", null, "objectformat"));
    } catch (IOException | org.eclipse.jgit.errors.ConfigInvalidException e) {
      return false;
    }
  }

  MirrorException unreachable(Exception cause) {
    return MirrorException.failed(
        "Could not fetch from %s: %s. Check its address and that this server may read it."
            .formatted(url, printable(String.valueOf(cause.getMessage()))),
        cause);
  }

  /** Untrusted text on one line, without control characters. */
  static String printable(String text) {
    String clean = text.replaceAll("\\p{Cntrl}+", " ").strip();
    return clean.length() <= 300 ? clean : clean.substring(0, 300) + "…";
  }

  /** Ends a fetch that takes too long in all. */
  private record Deadline(InstantSource clock, Instant end) implements ProgressMonitor {
    @Override
    public void start(int totalTasks) {}

    @Override
    public void beginTask(String title, int totalWork) {}

    @Override
    public void update(int completed) {}

    @Override
    public void endTask() {}

    @Override
    public boolean isCancelled() {
      return Thread.currentThread().isInterrupted() || clock.instant().isAfter(end);
    }

    @Override
    public void showDuration(boolean enabled) {}
  }
}
