package dev.pipewright.standalone;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
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
  private static final Set<String> NOT_FOR_FILES = Set.of("config", "help", "version");

  private final String name;
  private final Map<String, Line> lines;
  private final Map<String, String> environment;

  private ConfigFile(String name, Map<String, Line> lines, Map<String, String> environment) {
    this.name = name;
    this.lines = lines;
    this.environment = environment;
  }

  private record Line(int number, String value) {}

  /**
   * The file the command line or the environment names; empty if neither does.
   *
   * @throws CommandException if it cannot be read
   */
  static ConfigFile of(List<String> arguments, Map<String, String> environment) {
    String name = named(arguments, environment);
    if (name == null) {
      return new ConfigFile("", Map.of(), environment);
    }
    try {
      return new ConfigFile(name, linesOf(name, Files.readAllLines(Path.of(name))), environment);
    } catch (IOException e) {
      throw new CommandException("Could not read the configuration " + name + ".", 2);
    }
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

  /** What a file says by its keys; a line that ends in a backslash goes on in the next one. */
  private static Map<String, Line> linesOf(String name, List<String> text) throws IOException {
    Map<String, Line> lines = new LinkedHashMap<>();
    for (int i = 0; i < text.size(); i++) {
      int number = i + 1;
      StringBuilder whole = new StringBuilder(text.get(i));
      while (goesOn(whole) && i + 1 < text.size()) {
        i++;
        whole.append('\n').append(text.get(i));
      }
      Properties line = new Properties();
      try {
        line.load(new StringReader(whole.toString()));
      } catch (IllegalArgumentException e) {
        throw new CommandException("%s, line %d: %s".formatted(name, number, e.getMessage()), 2);
      }
      line.forEach(
          (key, value) -> lines.put(String.valueOf(key), new Line(number, String.valueOf(value))));
    }
    return lines;
  }

  private static boolean goesOn(CharSequence line) {
    String text = line.toString();
    String stripped = text.stripLeading();
    if (stripped.startsWith("#") || stripped.startsWith("!")) {
      return false;
    }
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '\\') {
      end--;
    }
    return (text.length() - end) % 2 == 1;
  }

  /**
   * Refuses keys that no option of these commands has, as they would be passed over.
   *
   * @throws CommandException naming the first one, its line and the key that was probably meant
   */
  void check(List<Class<?>> commands) {
    if (lines.isEmpty()) {
      return;
    }
    Set<String> known =
        commands.stream()
            .flatMap(command -> new CommandLine(command).getCommandSpec().options().stream())
            .map(ConfigFile::key)
            .filter(key -> !NOT_FOR_FILES.contains(key))
            .collect(Collectors.toUnmodifiableSet());
    lines.forEach(
        (key, line) -> {
          if (!known.contains(key)) {
            throw new CommandException(
                ("%s, line %d: '%s' is no option a file can say. Did you mean '%s'?"
                        + " 'pipewright up --help' lists all.")
                    .formatted(name, line.number(), key, NearestWord.of(key, known)),
                2);
          }
        });
  }

  private static String key(OptionSpec option) {
    return option.longestName().replaceFirst("^-+", "");
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option)) {
      return null;
    }
    String key = key(option);
    String variable = "PIPEWRIGHT_" + key.toUpperCase(Locale.ROOT).replace('-', '_');
    Line line = lines.get(key);
    return line == null || environment.containsKey(variable) ? null : line.value();
  }
}
