package dev.pipewright.builder.git;

import dev.pipewright.builder.meta.Folders;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.RefSpec;

/**
 * A fetch that does not tell the other side what is here already, into a repository of its own
 * whose objects are then taken over. It costs the whole tree of a commit, and is for servers that
 * only speak the first protocol: there JGit fails to read the answer of a shallow fetch once it has
 * named some thirty commits. Confined; whoever fetches holds the lock of the mirror.
 */
final class FreshFetch {
  private final Repository mirror;

  FreshFetch(Repository mirror) {
    this.mirror = mirror;
  }

  /** How a repository is fetched into. */
  interface Fetch {
    void into(Repository empty) throws TransportException;
  }

  /**
   * Fetches, and takes over what came. After a failure in between, objects may be here that no ref
   * names; they do no harm.
   *
   * @throws TransportException if the repository cannot be reached or refuses
   */
  void run(RefSpec spec, Fetch fetch) throws TransportException {
    Path folder = mirror.getDirectory().toPath().resolve("pipewright-fetch");
    try {
      Folders.delete(folder);
      try (Repository scratch =
          new FileRepositoryBuilder().setGitDir(folder.toFile()).setBare().build()) {
        scratch.create(true);
        fetch.into(scratch);
        takeOver(scratch, spec);
      } finally {
        Folders.delete(folder);
      }
    } catch (TransportException e) {
      throw e;
    } catch (IOException e) {
      throw new TransportException("what was fetched cannot be stored: " + e.getMessage(), e);
    }
  }

  /** First objects, then what is known of their parents, then what names them. */
  private void takeOver(Repository scratch, RefSpec spec) throws IOException {
    Set<ObjectId> shallow = shallow(scratch);
    moveObjects(scratch.getDirectory().toPath().resolve("objects"));
    mirror.getObjectDatabase().setShallowCommits(shallow);
    String destination = spec.getDestination();
    Ref fetched = scratch.exactRef(destination);
    if (fetched == null) {
      throw new IOException("there is no " + destination + " in it");
    }
    RefUpdate update = mirror.updateRef(destination);
    update.setNewObjectId(fetched.getObjectId());
    update.setForceUpdate(true);
    update.disableRefLog();
    RefUpdate.Result result = update.update();
    switch (result) {
      case NEW, FORCED, FAST_FORWARD, NO_CHANGE -> {}
      default -> throw new IOException(destination + " could not be set: " + result);
    }
  }

  /** The commits whose parents neither side has. */
  private Set<ObjectId> shallow(Repository scratch) throws IOException {
    Set<ObjectId> here = mirror.getObjectDatabase().getShallowCommits();
    Set<ObjectId> there = scratch.getObjectDatabase().getShallowCommits();
    Set<ObjectId> both = new HashSet<>();
    for (ObjectId commit : here) {
      if (there.contains(commit) || !scratch.getObjectDatabase().has(commit)) {
        both.add(commit);
      }
    }
    for (ObjectId commit : there) {
      if (here.contains(commit) || !mirror.getObjectDatabase().has(commit)) {
        both.add(commit);
      }
    }
    return both;
  }

  /** Moves files to the same place in the mirror; the index of a pack after the pack. */
  private void moveObjects(Path from) throws IOException {
    Path to = mirror.getDirectory().toPath().resolve("objects");
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            boolean index = file.toString().endsWith(".idx");
            files.add(index ? files.size() : 0, file);
            return FileVisitResult.CONTINUE;
          }
        });
    for (Path file : files) {
      Path target = to.resolve(from.relativize(file).toString());
      Files.createDirectories(target.getParent());
      if (!Files.exists(target)) {
        Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }
}
