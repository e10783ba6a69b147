package dev.pipewright.standalone;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Options from a file of lines like {@code port=9090}, for options that neither the command line
 * nor the environment gives.
 */
final class ConfigFile implements IDefaultValueProvider {
  private static final String OPTION = "--config";
  private static final String VARIABLE = "PIPEWRIGHT_CONFIG";

  private final Properties lines;
  private final Map<String, String> environment;

  private ConfigFile(Properties lines, Map<String, String> environment) {
    this.lines = lines;
    this.environment = environment;
  }

  /**
   * The file the command line or the environment names; empty if neither does.
   *
   * @throws CommandException if it cannot be read
   */
  static ConfigFile of(List<String> arguments, Map<String, String> environment) {
    Properties lines = new Properties();
    String name = named(arguments, environment);
    if (name != null) {
      try (Reader reader = Files.newBufferedReader(Path.of(name))) {
        lines.load(reader);
      } catch (IOException e) {
        throw new CommandException("Could not read the configuration " + name + ".", 2);
      }
    }
    return new ConfigFile(lines, environment);
  }

  private static @Nullable String named(List<String> arguments, Map<String, String> environment) {
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.startsWith(OPTION + "=")) {
        return argument.substring(OPTION.length() + 1);
      }
      if (argument.equals(OPTION) && i + 1 < arguments.size()) {
        return arguments.get(i + 1);
      }
    }
    return environment.get(VARIABLE);
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option)) {
      return null;
    }
    String name = option.longestName().replaceFirst("^-+", "");
    String variable = "PIPEWRIGHT_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
    return environment.containsKey(variable) ? null : lines.getProperty(name);
  }
}
