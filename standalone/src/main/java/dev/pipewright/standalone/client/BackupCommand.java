package dev.pipewright.standalone.client;

import dev.pipewright.protocol.api.BackupOrder;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.client.HttpTransport;
import dev.pipewright.standalone.CommandException;
import dev.pipewright.state.backup.BackupException;
import dev.pipewright.state.backup.Restore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pipewright backup}: has a running server write everything it keeps into one file. */
@Command(
    name = "backup",
    description = "Writes everything a running server keeps into one file.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "The server goes on meanwhile; everything in the file is of one moment. 'pipewright restore'"
          + " makes a data folder of it. For a server with --mongo, use mongodump instead."
    })
public final class BackupCommand implements Runnable {
  /** The server copies its database before it answers. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private static final long MEBIBYTE = 1024 * 1024;

  @Mixin private final ServerOptions server = new ServerOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "FILE", description = "The file to write; it must not exist.")
  private Path file = Path.of("backup.tar");

  @Option(
      names = "--with-key",
      description =
          "Put the keys of the data folder into the file as well: whoever has it can then read all"
              + " secrets. Default: without; keep a copy of master.key in another place.")
  private boolean withKey;

  @Override
  public void run() {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      makePart(part);
      Restore.Result made = make(server.connect(), part);
      Files.move(part, file);
      report(made);
    } catch (BackupException e) {
      throw new CommandException(
          "What the server sent is no good backup. " + e.getMessage() + " Try again.");
    } catch (IOException e) {
      throw new CommandException("Could not write " + file + ": " + e);
    }
  }

  /** A backup has every log and what opens accounts, so it is readable for its owner alone. */
  private void makePart(Path part) throws IOException {
    if (Files.exists(file)) {
      throw new CommandException(file + " exists, so nothing was done. Name another file.", 2);
    }
    try {
      Files.createFile(
          part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (FileAlreadyExistsException e) {
      throw new CommandException(
          part + " exists: is another backup being written there? Remove it if not.", 2);
    }
  }

  private Restore.Result make(HttpTransport transport, Path part) throws IOException {
    try {
      long unused = transport.download(Routes.BACKUP, new BackupOrder(withKey), part, PATIENCE);
      return Restore.check(part);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(part);
      throw e;
    }
  }

  private void report(Restore.Result made) {
    PrintWriter out = spec.commandLine().getOut();
    if (server.json()) {
      server.print(out, made);
      return;
    }
    out.println(
        "%s holds all that %s kept at %s: %,d files, %,d MiB."
            .formatted(
                file,
                Texts.line(made.manifest().server(), 200),
                Texts.time(made.manifest().at()),
                made.files(),
                Math.ceilDiv(made.bytes(), MEBIBYTE)));
    out.println(
        made.hasMasterKey()
            ? "With it goes the key of its secrets: keep it where only you can read it."
            : "The key of its secrets is not in it: keep a copy of master.key from the data folder,"
                + " or of PIPEWRIGHT_MASTER_KEY, in another place.");
  }
}
