package dev.pipewright.ui.http;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All files of the browser side, read once from the class path. Their version is a digest of all of
 * them and part of their address, so a browser keeps them for ever and still sees every change.
 * Immutable.
 */
final class Assets {
  /** Every served file; a test compares this list with the folder. */
  static final List<String> NAMES =
      List.of(
          "ansi.js",
          "api.js",
          "artifacts.js",
          "audit.js",
          "base.css",
          "compare.js",
          "console.css",
          "console.js",
          "decide.js",
          "deliveries.js",
          "dialogs.js",
          "dom.js",
          "durations.js",
          "elements.js",
          "errors.js",
          "filters.js",
          "fit.js",
          "folds.js",
          "form.js",
          "glob.js",
          "hooks.js",
          "icon.svg",
          "lists.js",
          "live.js",
          "locks.js",
          "log.css",
          "logstore.js",
          "logtimes.js",
          "logview.js",
          "mending.js",
          "menu.js",
          "messages.js",
          "output.js",
          "overview.js",
          "parts.js",
          "pipeline.js",
          "plan.js",
          "planlines.js",
          "run.css",
          "run.js",
          "runbar.js",
          "runlist.js",
          "secrets.js",
          "session.js",
          "shortcuts.js",
          "since.js",
          "soon.js",
          "sources.js",
          "states.js",
          "statuses.js",
          "steptree.js",
          "tests.js",
          "time.js",
          "tokens.js",
          "used.js",
          "versions.js",
          "waits.js",
          "wall.css",
          "wall.js",
          "wallshift.js",
          "wallsound.js",
          "wallviews.js",
          "whobar.js");

  private static final String FOLDER = "/dev/pipewright/ui/web/";
  private static final String VERSION_MARK = "{{version}}";

  private final Map<String, Asset> files;
  private final Asset console;
  private final Asset wall;
  private final String version;

  private Assets(Map<String, Asset> files, String version, Asset console, Asset wall) {
    this.files = files;
    this.version = version;
    this.console = console;
    this.wall = wall;
  }

  /**
   * Reads all files.
   *
   * @throws IllegalStateException if one is missing, which means that the build is broken
   */
  static Assets load() {
    Map<String, Asset> files = new TreeMap<>();
    MessageDigest all = sha256();
    for (String name : NAMES) {
      byte[] bytes = bytes(name);
      all.update(bytes);
      files.put(name, new Asset(Buffer.buffer(bytes), mediaType(name), tag(bytes)));
    }
    for (String page : List.of("console.html", "wall.html")) {
      all.update(bytes(page));
    }
    String version = HexFormat.of().formatHex(all.digest(), 0, 6);
    return new Assets(
        Map.copyOf(files), version, page("console.html", version), page("wall.html", version));
  }

  /** The page of the console, the same for all of its addresses. */
  Asset console() {
    return console;
  }

  /** The page of the wall. */
  Asset wall() {
    return wall;
  }

  /** The digest of all files, a part of their addresses. */
  String version() {
    return version;
  }

  /** The file of that name. */
  @Nullable Asset file(String name) {
    return files.get(name);
  }

  private static Asset page(String name, String version) {
    String text = new String(bytes(name), StandardCharsets.UTF_8).replace(VERSION_MARK, version);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new Asset(Buffer.buffer(bytes), mediaType(name), tag(bytes));
  }

  private static byte[] bytes(String name) {
    try (InputStream in = Assets.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        throw new IllegalStateException("The file " + name + " is missing from this build.");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("Could not read " + name + ".", e);
    }
  }

  private static String tag(byte[] bytes) {
    return '"' + HexFormat.of().formatHex(sha256().digest(bytes), 0, 12) + '"';
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256.", e);
    }
  }

  private static String mediaType(String name) {
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "html" -> "text/html; charset=utf-8";
      case "js" -> "text/javascript; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "svg" -> "image/svg+xml";
      default -> throw new IllegalStateException("No media type is known for " + name + ".");
    };
  }
}
