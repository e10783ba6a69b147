package dev.pipewright.spawner.process;

import dev.pipewright.protocol.Folders;
import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.spawner.launch.UnitId;
import dev.pipewright.spawner.launch.Workspace;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The workspaces of an instance: a folder each, and beside it a file that says of which run it is.
 * Removing one moves it out of the way first, so that a kill in the middle leaves no half of it.
 */
final class WorkspaceFolders {
  private static final String NOTE = ".json";
  private static final String DISCARDED = ".discarded-";

  private final Path folder;

  WorkspaceFolders(Path data) {
    this.folder = data.resolve("workspaces").toAbsolutePath().normalize();
  }

  Path of(UnitId name) {
    return folder.resolve(name.value());
  }

  /** Makes the workspace if it is not there; true if it was not. */
  boolean make(Workspace workspace) throws IOException {
    Path path = of(workspace.name());
    if (Files.isDirectory(path)) {
      return false;
    }
    Files.createDirectories(folder);
    Path part = folder.resolve(workspace.name() + NOTE + ".part");
    Files.write(part, Json.bytes(workspace));
    Files.move(part, note(workspace.name()), StandardCopyOption.ATOMIC_MOVE);
    Files.createDirectory(path);
    return true;
  }

  List<Workspace> list() throws IOException {
    List<Workspace> found = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return found;
    }
    try (DirectoryStream<Path> notes = Files.newDirectoryStream(folder, "pw-*" + NOTE)) {
      for (Path note : notes) {
        read(note).ifPresent(found::add);
      }
    }
    return found;
  }

  private static Optional<Workspace> read(Path note) {
    try {
      return Optional.of(Json.read(Files.readAllBytes(note), Workspace.class));
    } catch (IOException | ProtocolException e) {
      return Optional.empty();
    }
  }

  /** Takes the workspace out of use, which is quick; {@link #empty} does the rest. */
  void discard(UnitId name) throws IOException {
    Path path = of(name);
    if (Files.isDirectory(path)) {
      Files.move(path, folder.resolve(DISCARDED + name + "-" + System.nanoTime()));
    }
    Files.deleteIfExists(note(name));
  }

  /** Removes what was discarded, also by a process that was killed meanwhile. */
  synchronized void empty() throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> discarded = Files.newDirectoryStream(folder, DISCARDED + "*")) {
      for (Path path : discarded) {
        Folders.delete(path);
      }
    }
  }

  OptionalLong freeBytes() {
    try {
      return OptionalLong.of(Files.getFileStore(folder).getUsableSpace());
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  private Path note(UnitId name) {
    return folder.resolve(name + NOTE);
  }
}
