package dev.pipewright.builder.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * Keeps a mirror small: every fetch adds a pack, and every commit that was asked for a ref. Whoever
 * uses it holds the lock of the mirror. Packs younger than an hour, which somebody may be reading,
 * stay until the next time. What is forgotten is fetched again if it is asked for.
 */
final class Upkeep {
  /** More packs make every lookup slower. */
  static final int MOST_PACKS = 20;

  private final Repository mirror;
  private final int mostCommits;

  /**
   * The upkeep of one mirror.
   *
   * @param mostCommits how many commits are held; the oldest beyond that are let go
   */
  Upkeep(Repository mirror, int mostCommits) {
    this.mirror = mirror;
    this.mostCommits = mostCommits;
  }

  /**
   * Lets old commits go and packs the rest, if that is worth it. False if nothing was to be done.
   */
  boolean run(String commits) throws IOException {
    List<Ref> refs = mirror.getRefDatabase().getRefsByPrefix(commits);
    if (refs.size() <= mostCommits && packs() <= MOST_PACKS) {
      return false;
    }
    for (Ref ref : oldest(refs)) {
      RefUpdate update = mirror.updateRef(ref.getName());
      update.setForceUpdate(true);
      update.delete();
    }
    try (Git git = Git.wrap(mirror)) {
      git.gc().call();
    } catch (GitAPIException e) {
      throw new IOException("the mirror could not be packed: " + e.getMessage(), e);
    }
    return true;
  }

  private record Dated(Ref ref, int seconds) {}

  private List<Ref> oldest(List<Ref> refs) throws IOException {
    List<Dated> dated = new ArrayList<>();
    try (RevWalk walk = new RevWalk(mirror)) {
      for (Ref ref : refs) {
        dated.add(new Dated(ref, secondsOf(walk, ref)));
      }
    }
    return dated.stream()
        .sorted(Comparator.comparingInt(Dated::seconds))
        .limit(Math.max(0, refs.size() - mostCommits))
        .map(Dated::ref)
        .toList();
  }

  /** When a commit was made; one that cannot be read is the oldest. */
  private static int secondsOf(RevWalk walk, Ref ref) throws IOException {
    try {
      return walk.parseCommit(ref.getObjectId()).getCommitTime();
    } catch (MissingObjectException e) {
      return 0;
    }
  }

  private long packs() throws IOException {
    Path packs = mirror.getDirectory().toPath().resolve("objects").resolve("pack");
    if (!Files.isDirectory(packs)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(packs)) {
      return files.filter(file -> file.toString().endsWith(".pack")).count();
    }
  }
}
