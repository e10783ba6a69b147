package dev.pipewright.standalone.server;

import dev.pipewright.standalone.CommandException;
import dev.pipewright.standalone.client.Texts;
import dev.pipewright.state.backup.BackupException;
import dev.pipewright.state.backup.Restore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pipewright restore}: makes a data folder of a backup. */
@Command(
    name = "restore",
    description = "Makes a data folder of a backup, for a server that is not running yet.",
    mixinStandardHelpOptions = true)
public final class RestoreCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "FILE", description = "What 'pipewright backup' has written.")
  private Path file = Path.of("backup.tar");

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "${env:PIPEWRIGHT_DATA:-pipewright-data}",
      description =
          "The folder to make; it does not exist yet, or is empty. Default: ./pipewright-data.")
  private Path data = Path.of("pipewright-data");

  @Override
  public void run() {
    try {
      report(Restore.restore(file, data));
    } catch (NoSuchFileException e) {
      throw new CommandException("There is no file " + e.getFile() + ".", 2);
    } catch (BackupException e) {
      throw new CommandException(
          "Could not restore %s; nothing was changed. %s".formatted(file, e.getMessage()));
    } catch (IOException e) {
      throw new CommandException("Could not restore %s to %s: %s".formatted(file, data, e));
    }
  }

  private void report(Restore.Result done) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "%s holds what %s kept at %s."
            .formatted(
                data, Texts.line(done.manifest().server(), 200), Texts.time(done.manifest().at())));
    if (!done.hasMasterKey()) {
      out.println(
          "The key of its secrets is not there: before you start it, put a copy of that server's"
              + " master.key at "
              + data.resolve("master.key")
              + ", or set PIPEWRIGHT_MASTER_KEY.");
    }
    out.println("Start it with: pipewright up --data " + data);
  }
}
