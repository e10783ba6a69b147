package dev.pipewright.builder.git;

import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.ForgeKind;
import dev.pipewright.protocol.api.RemoteRef;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bare mirror of one source. It holds the commits that were asked for, each under {@code
 * refs/pipewright/<commit>} and without its history. Thread-safe; one fetch at a time.
 */
public final class Mirror {
  private static final Logger log = LoggerFactory.getLogger(Mirror.class);
  private static final String KEPT = "refs/pipewright/";
  private static final int MOST_COMMITS = 2_000;
  private static final int MOST_REFS = 50_000;
  private static final int MOST_CHANGED = 3000;
  private static final int[] DEPTHS = {1, 50, Constants.INFINITE_DEPTH};

  private final SourceName source;
  private final Repository repository;
  private final InstantSource clock;
  private final ReentrantLock fetching = new ReentrantLock();

  Mirror(SourceName source, Repository repository, InstantSource clock) {
    this.source = source;
    this.repository = repository;
    this.clock = clock;
  }

  /** True if the commit was fetched before; costs no network. */
  public boolean holds(CommitId commit) {
    try {
      return repository.exactRef(KEPT + commit) != null;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** True if the commit was fetched, and the ref seen to hold it; costs no network. */
  boolean isSeen(CommitId commit, String ref) {
    try {
      return isSha1(commit)
          && holds(commit)
          && new RefHistory(repository, ref).isSeenToHold(commit);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** Fetches a commit out of the history of the ref that is said to hold it. */
  void fetchFrom(RemoteUrl url, FetchRequest request, String ref) {
    CommitId commit = request.commit();
    refuseSha256(commit);
    fetching.lock();
    try {
      RefHistory history = new RefHistory(repository, ref);
      if (!history.isSeenToHold(commit)) {
        Remote remote = new Remote(repository, url, clock);
        if (!history.fetch(remote, commit)) {
          throw missing(remote, commit, ref);
        }
      }
      keep(commit);
    } catch (IOException e) {
      throw unreadable(e);
    } finally {
      fetching.unlock();
    }
  }

  private static boolean isSha1(CommitId commit) {
    return commit.value().length() == Constants.OBJECT_ID_STRING_LENGTH;
  }

  private void refuseSha256(CommitId commit) {
    if (!isSha1(commit)) {
      throw MirrorException.refused(
          "The repository of %s uses SHA-256 commit ids, which are not supported yet. Use a SHA-1"
                  .formatted(source)
              + " repository.");
    }
  }

  void fetch(RemoteUrl url, FetchRequest request) {
    CommitId commit = request.commit();
    refuseSha256(commit);
    fetching.lock();
    try {
      if (!holds(commit)) {
        Remote remote = new Remote(repository, url, clock);
        if (!byId(remote, commit)) {
          byRef(remote, request);
        }
      }
    } catch (IOException e) {
      throw unreadable(e);
    } finally {
      fetching.unlock();
    }
  }

  private boolean byId(Remote remote, CommitId commit) throws IOException {
    try {
      remote.fetch(new RefSpec(commit + ":" + KEPT + commit), 1);
    } catch (TransportException e) {
      log.atDebug().addKeyValue("commit", commit).setCause(e).log("Commit is not given by its id");
      return false;
    }
    return kept(commit);
  }

  private void byRef(Remote remote, FetchRequest request) throws IOException {
    CommitId commit = request.commit();
    @Nullable String ref = request.ref();
    boolean known = remote.refs().stream().anyMatch(found -> found.getName().equals(ref));
    if (!known || ref == null) {
      throw missing(remote, commit, ref);
    }
    RefSpec spec = new RefSpec().setForceUpdate(true).setSource(ref).setDestination(KEPT + "tip");
    for (int depth : DEPTHS) {
      try {
        remote.fetch(spec, depth);
      } catch (TransportException e) {
        throw remote.unreachable(e);
      }
      if (kept(commit)) {
        return;
      }
    }
    throw missing(remote, commit, ref);
  }

  private static MirrorException missing(Remote remote, CommitId commit, @Nullable String ref) {
    return MirrorException.absent(
        "The repository %s does not hold the commit %s%s. Was it replaced by a forced push?"
            .formatted(
                remote.url(),
                commit,
                ref == null ? "" : " (looked for on '" + Remote.printable(ref) + "')"));
  }

  private boolean kept(CommitId commit) throws IOException {
    if (contains(commit)) {
      keep(commit);
      return true;
    }
    return false;
  }

  private boolean contains(CommitId commit) throws IOException {
    try (RevWalk walk = new RevWalk(repository)) {
      walk.parseCommit(ObjectId.fromString(commit.value()));
      return true;
    } catch (MissingObjectException e) {
      return false;
    }
  }

  private void keep(CommitId commit) throws IOException {
    RefUpdate update = repository.updateRef(KEPT + commit);
    update.setNewObjectId(ObjectId.fromString(commit.value()));
    update.disableRefLog();
    update.update();
  }

  Head head(RemoteUrl url, @Nullable String ref) {
    Remote remote = new Remote(repository, url, clock);
    List<Ref> advertised = remote.refs();
    @Nullable Ref found = null;
    for (String name : candidates(ref)) {
      for (Ref one : advertised) {
        if (found == null && one.getName().equals(name)) {
          found = one;
        }
      }
    }
    if (found == null) {
      throw MirrorException.refused(
          ref == null
              ? "The repository %s has no default branch with a commit. Push one first."
                  .formatted(url)
              : "The repository %s has no branch or tag '%s'. Check its name."
                  .formatted(url, Remote.printable(ref)));
    }
    return resolved(found, advertised);
  }

  private static List<String> candidates(@Nullable String ref) {
    if (ref == null) {
      return List.of(Constants.HEAD);
    }
    return ref.startsWith(Constants.R_REFS)
        ? List.of(ref)
        : List.of(Constants.R_HEADS + ref, Constants.R_TAGS + ref);
  }

  private static Head resolved(Ref found, List<Ref> advertised) {
    @Nullable ObjectId peeled = found.getPeeledObjectId();
    ObjectId id = Objects.requireNonNull(peeled == null ? found.getObjectId() : peeled);
    String name = found.getTarget().getName();
    if (name.equals(Constants.HEAD)) {
      name =
          advertised.stream()
              .filter(ref -> ref.getName().startsWith(Constants.R_HEADS))
              .filter(ref -> id.equals(ref.getObjectId()))
              .map(Ref::getName)
              .findFirst()
              .orElse(Constants.HEAD);
    }
    return new Head(name, new CommitId(id.name()));
  }

  Listing refs(RemoteUrl url, ForgeKind forge) {
    List<Ref> advertised = new Remote(repository, url, clock).refs();
    List<RemoteRef> branches = those(ref -> ref.startsWith(Constants.R_HEADS), advertised);
    if (branches.size() > MOST_REFS) {
      throw MirrorException.refused(
          "The repository %s has %,d branches; at most %,d are compared."
              .formatted(url, branches.size(), MOST_REFS));
    }
    List<RemoteRef> all = new ArrayList<>(branches);
    boolean tags = addIfRoom(those(ref -> ref.startsWith(Constants.R_TAGS), advertised), all);
    boolean pulls = forge.keepsPulls() && addIfRoom(those(forge::isPull, advertised), all);
    if (!tags || pulls != forge.keepsPulls()) {
      log.atInfo()
          .addKeyValue("source", source)
          .addKeyValue("tags", tags)
          .addKeyValue("pulls", pulls)
          .log("There are so many refs that not all of them are compared");
    }
    return new Listing(all, pulls);
  }

  private static boolean addIfRoom(List<RemoteRef> more, List<RemoteRef> all) {
    return all.size() + more.size() <= MOST_REFS && (more.isEmpty() || all.addAll(more));
  }

  private static List<RemoteRef> those(Predicate<String> wanted, List<Ref> advertised) {
    List<RemoteRef> found = new ArrayList<>();
    for (Ref ref : advertised) {
      @Nullable ObjectId id = ref.getObjectId();
      if (id != null && wanted.test(ref.getName())) {
        @Nullable ObjectId peeled = ref.getPeeledObjectId();
        CommitId named = new CommitId(id.name());
        found.add(
            peeled == null
                ? new RemoteRef(ref.getName(), named, null)
                : new RemoteRef(ref.getName(), new CommitId(peeled.name()), named));
      }
    }
    return found;
  }

  /**
   * The pipeline code at a commit that was fetched.
   *
   * @param folder the folder that holds it, relative to the root of the repository
   * @throws MirrorException if the folder is a link, or the commit was not fetched
   */
  public CodeFolder folder(CommitId commit, String folder) {
    try (RevWalk walk = new RevWalk(repository)) {
      RevCommit parsed = walk.parseCommit(ObjectId.fromString(commit.value()));
      return CodeFolder.find(repository, parsed.getTree(), folder);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /**
   * The commit that a fetched id stands for: itself, or what an annotated tag points to, which is
   * held from now on, too.
   */
  public CommitId commit(CommitId fetched) {
    try (RevWalk walk = new RevWalk(repository)) {
      CommitId commit = new CommitId(walk.parseCommit(ObjectId.fromString(fetched.value())).name());
      if (!commit.equals(fetched)) {
        keep(commit);
      }
      return commit;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** Who made a commit that is held here, and what for. */
  public CommitFacts facts(CommitId commit) {
    try (RevWalk walk = new RevWalk(repository)) {
      RevCommit parsed = walk.parseCommit(ObjectId.fromString(commit.value()));
      return CommitFacts.of(
          parsed.getAuthorIdent().getName(), parsed.getShortMessage(), parsed.getFullMessage());
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /**
   * The files that differ between two commits that were fetched; none if there are more than a few
   * thousand.
   */
  public List<String> changed(CommitId before, CommitId after) {
    List<String> files = new ArrayList<>();
    try (RevWalk walk = new RevWalk(repository);
        TreeWalk trees = new TreeWalk(repository)) {
      trees.addTree(walk.parseCommit(ObjectId.fromString(before.value())).getTree());
      trees.addTree(walk.parseCommit(ObjectId.fromString(after.value())).getTree());
      trees.setRecursive(true);
      trees.setFilter(TreeFilter.ANY_DIFF);
      while (trees.next()) {
        files.add(trees.getPathString());
        if (files.size() > MOST_CHANGED) {
          return List.of();
        }
      }
      return files;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** Serves this mirror to git clients, read only. */
  public UploadService uploads() {
    return new UploadService(repository);
  }

  /** The commits that were fetched, in no order. */
  List<CommitId> commits() {
    try {
      List<CommitId> found = new ArrayList<>();
      for (Ref ref : repository.getRefDatabase().getRefsByPrefix(KEPT)) {
        String name = ref.getName().substring(KEPT.length());
        if (CommitId.isHash(name)) {
          found.add(new CommitId(name));
        }
      }
      return found;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** Makes the mirror smaller, unless it is being fetched into. */
  void tidy() {
    if (!fetching.tryLock()) {
      return;
    }
    try {
      if (new Upkeep(repository, MOST_COMMITS).run(KEPT)) {
        log.atInfo().addKeyValue("source", source).log("Mirror was packed");
      }
    } catch (IOException e) {
      log.atWarn().addKeyValue("source", source).setCause(e).log("Mirror was not packed");
    } finally {
      fetching.unlock();
    }
  }

  private MirrorException unreadable(IOException cause) {
    return MirrorException.failed(
        "Could not read the mirror of %s: %s".formatted(source, cause.getMessage()), cause);
  }

  void close() {
    repository.close();
  }
}
