package dev.pipewright.standalone.local;

import dev.pipewright.standalone.CommandException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code pipewright init}: writes a first pipeline and its test. */
@Command(
    name = "init",
    description = "Writes a first pipeline and its test into .pipewright/. Overwrites nothing.",
    mixinStandardHelpOptions = true)
public final class InitCommand implements Runnable {
  @Option(
      names = "--dir",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "The project. Default: this folder.")
  private Path project = Path.of(".");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    Path root = project.toAbsolutePath().normalize();
    if (!Files.isDirectory(root)) {
      throw new CommandException(root + " is not a folder.", 2);
    }
    Path folder = root.resolve(".pipewright");
    if (Files.exists(folder)) {
      throw new CommandException(folder + " is already there; nothing was changed.");
    }
    Path last = root.getFileName();
    String name = StarterPipeline.nameOf(last == null ? "app" : last.toString());
    StarterPipeline starter = new StarterPipeline(name, StarterPipeline.commandFor(root));
    try {
      Files.createDirectories(folder);
      write(folder.resolve(starter.className() + ".java"), starter.pipeline(), out);
      write(folder.resolve(starter.className() + "Test.java"), starter.test(), out);
      write(folder.resolve(".gitignore"), ".runs/\n", out);
    } catch (IOException e) {
      throw new CommandException("Could not write " + folder + ": " + e.getMessage());
    }
    out.println("Try it here with: pipewright run, and test it with: pipewright test");
  }

  private static void write(Path file, String text, PrintWriter out) throws IOException {
    Files.writeString(file, text);
    out.println("Wrote " + file);
  }
}
