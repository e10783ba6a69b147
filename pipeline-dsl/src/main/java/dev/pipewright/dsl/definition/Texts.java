package dev.pipewright.dsl.definition;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The forms of names and patterns; each method gives the problem in words, or null. */
final class Texts {
  private static final int NAME_LIMIT = 200;
  private static final int PIPELINE_LIMIT = 100;
  private static final int GLOB_LIMIT = 500;
  private static final int SHOWN = 60;
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern SIZE = Pattern.compile("[1-9][0-9]{0,8}[kmg]");
  private static final long LEAST_MEMORY = 128L << 20;
  private static final double LEAST_CPUS = 0.01;
  private static final double MOST_CPUS = 1024;
  private static final Pattern HOST = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  private static final Pattern PARAMETER = Pattern.compile("[A-Za-z0-9_-]{1,100}");
  private static final String FILES = "{files:";

  private Texts() {}

  static @Nullable String stepName(String name) {
    String problem = plain("step name", name, NAME_LIMIT);
    if (problem != null) {
      return problem;
    }
    if (name.indexOf('/') >= 0) {
      return "A step name must not contain '/', because that separates the names of a path: '%s'."
          .formatted(shown(name));
    }
    return name.equals(".") || name.equals("..") ? "A step cannot be named '" + name + "'." : null;
  }

  static @Nullable String pipelineName(String name) {
    String problem = plain("pipeline name", name, PIPELINE_LIMIT);
    if (problem != null) {
      return problem;
    }
    boolean wrong =
        !name.equals(name.strip())
            || name.indexOf('#') >= 0
            || name.indexOf('/') >= 0
            || name.contains(" :: ");
    return wrong
        ? "A pipeline name has no '#', no '/', no ' :: ' and no blanks at its ends: '%s'."
            .formatted(shown(name))
        : null;
  }

  static @Nullable String named(String what, String name) {
    return plain(what, name, NAME_LIMIT);
  }

  static @Nullable String command(String command) {
    if (command.isBlank()) {
      return "The command is empty.";
    }
    return command.indexOf('\0') >= 0 ? "A command must not contain a zero character." : null;
  }

  static @Nullable String image(String image) {
    String problem = plain("image", image, NAME_LIMIT);
    if (problem != null) {
      return problem;
    }
    return image.chars().anyMatch(Character::isWhitespace) || image.startsWith("-")
        ? "This is not the name of a container image: '" + shown(image) + "'."
        : null;
  }

  static @Nullable String memory(String size) {
    return SIZE.matcher(size).matches() && bytes(size) >= LEAST_MEMORY
        ? null
        : "Memory is a size like 512m or 2g, of at least 128m, not '" + shown(size) + "'.";
  }

  /** How many bytes a size such as 512m is. */
  static long bytes(String size) {
    int digits = size.length() - 1;
    return Long.parseLong(size.substring(0, digits))
        << (10 * (1 + "kmg".indexOf(size.charAt(digits))));
  }

  static @Nullable String cpus(double processors) {
    return processors >= LEAST_CPUS && processors <= MOST_CPUS
        ? null
        : "The number of processors is from 0.01 to 1024, not " + processors + ".";
  }

  static @Nullable String variable(String what, String name) {
    return VARIABLE.matcher(name).matches()
        ? null
        : "The name of a %s is letters, digits and underscores and does not begin with a digit: '%s'."
            .formatted(what, shown(name));
  }

  static @Nullable String parameterName(String name) {
    return PARAMETER.matcher(name).matches()
        ? null
        : "The name of a parameter is up to 100 letters, digits, dashes and underscores: '%s'."
            .formatted(shown(name));
  }

  /** A cache key; what {@code {files:...}} holds is a file pattern. */
  static @Nullable String cacheKey(String key) {
    String problem = named("cache key", key);
    int from = key.indexOf(FILES);
    while (problem == null && from >= 0) {
      int to = key.indexOf('}', from);
      problem =
          to < 0
              ? "The '%s' of the cache key '%s' has no '}'.".formatted(FILES, shown(key))
              : fileGlob(key.substring(from + FILES.length(), to));
      from = key.indexOf(FILES, from + FILES.length());
    }
    return problem;
  }

  /** A folder of the workspace that is not the workspace itself. */
  static @Nullable String folder(String path) {
    String problem = plain("folder", path, GLOB_LIMIT);
    if (problem != null) {
      return problem;
    }
    boolean wrong = path.startsWith("/");
    for (String part : path.split("/", -1)) {
      wrong |= part.isBlank() || part.equals(".") || part.equals("..") || part.equals(".git");
    }
    return wrong
        ? "A folder is relative to the workspace, stays inside it, and has no '.', '..' or '.git': '%s'."
            .formatted(shown(path))
        : null;
  }

  static @Nullable String hostName(String name) {
    return HOST.matcher(name).matches()
        ? null
        : "A service name is used as a host name, so it is lower-case letters, digits and dashes: '%s'."
            .formatted(shown(name));
  }

  static @Nullable String glob(String pattern) {
    return plain("pattern", pattern, GLOB_LIMIT);
  }

  static @Nullable String fileGlob(String pattern) {
    String problem = plain("file pattern", pattern, GLOB_LIMIT);
    if (problem != null) {
      return problem;
    }
    boolean outside = pattern.startsWith("/") || ("/" + pattern + "/").contains("/../");
    return outside
        ? "A file pattern is relative to the workspace and stays inside it: '%s'."
            .formatted(shown(pattern))
        : null;
  }

  static String shown(String text) {
    String clean = text.replaceAll("\\p{Cntrl}", "?");
    return clean.length() <= SHOWN ? clean : clean.substring(0, SHOWN) + "…";
  }

  private static @Nullable String plain(String what, String text, int limit) {
    if (text.isBlank()) {
      return "A " + what + " must not be empty.";
    }
    if (text.length() > limit) {
      return "A %s has at most %d characters, but '%s' has %d."
          .formatted(what, limit, shown(text), text.length());
    }
    return text.codePoints().anyMatch(Character::isISOControl)
        ? "A %s must not contain control characters: '%s'.".formatted(what, shown(text))
        : null;
  }
}
