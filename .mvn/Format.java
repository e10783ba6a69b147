import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Checks ({@code --check}) or applies ({@code --replace}) google-java-format to one module. */
public final class Format {

  public static void main(String[] args) throws Exception {
    boolean replace = args[0].equals("--replace");
    Path sources = Path.of(args[1], "src");
    if (!Files.isDirectory(sources)) {
      return;
    }
    List<Path> wrong = new ArrayList<>();
    try (var files = Files.walk(sources)) {
      for (Path file : (Iterable<Path>) files.filter(f -> f.toString().endsWith(".java"))::iterator) {
        String text = Files.readString(file);
        String formatted = format(file, text);
        if (!formatted.equals(text)) {
          wrong.add(file);
          if (replace) {
            Files.writeString(file, formatted);
          }
        }
      }
    }
    for (Path file : wrong) {
      System.err.println((replace ? "formatted " : "not formatted: ") + file);
    }
    if (!replace && !wrong.isEmpty()) {
      System.err.println("Apply the format with: mvn process-sources -Dformat.mode=--replace");
      System.exit(1);
    }
  }

  private static String format(Path file, String text) {
    try {
      String ordered = ImportOrderer.reorderImports(RemoveUnusedImports.removeUnusedImports(text), Style.GOOGLE);
      return new Formatter().formatSource(ordered);
    } catch (Exception e) {
      System.err.println("could not format " + file + ": " + e.getMessage());
      return text;
    }
  }
}
