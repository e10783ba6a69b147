package dev.pipewright.engine.git;

import java.nio.file.Path;
import java.util.Map;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.TransportConfigCallback;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.TextProgressMonitor;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.TransportHttp;

/** The checkout by JGit, for images without {@code git}. Confined to one call. */
final class JGitFetch {
  private final Remote remote;
  private final Path workspace;

  JGitFetch(Remote remote, Path workspace) {
    this.remote = remote;
    this.workspace = workspace;
  }

  void run() throws CheckoutException, InterruptedException {
    OwnSettings.install();
    String commit = remote.commit().value();
    TransportConfigCallback withToken =
        transport -> {
          if (transport instanceof TransportHttp http && remote.token() != null) {
            http.setAdditionalHeaders(Map.of("Authorization", "Bearer " + remote.token()));
          }
        };
    try (Git git = Git.init().setDirectory(workspace.toFile()).call()) {
      git.fetch()
          .setRemote(remote.url())
          .setRefSpecs(new RefSpec(commit + ":refs/pipewright/run"))
          .setDepth(1)
          .setTagOpt(TagOpt.NO_TAGS)
          .setForceUpdate(true)
          .setTransportConfigCallback(withToken)
          .setProgressMonitor(new Interruptible())
          .call();
      git.checkout().setName(commit).setForced(true).call();
    } catch (GitAPIException | RuntimeException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("The checkout was cancelled.");
      }
      throw new CheckoutException("Could not check out " + remote + ": " + e.getMessage());
    }
  }

  /** Ends the work when its thread is interrupted; prints nothing. */
  private static final class Interruptible extends TextProgressMonitor {
    Interruptible() {
      super(java.io.Writer.nullWriter());
    }

    @Override
    public boolean isCancelled() {
      return Thread.currentThread().isInterrupted();
    }
  }
}
