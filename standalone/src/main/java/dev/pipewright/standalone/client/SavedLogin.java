package dev.pipewright.standalone.client;

import dev.pipewright.standalone.CommandException;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * The server and the token a person logged in with, in a file only they can read.
 *
 * @param server its URL
 * @param token goes to this server and to no other
 */
record SavedLogin(String server, String token) {

  /** The file: {@code pipewright/login.properties} in the user's folder of configurations. */
  static Path file(Map<String, String> environment) {
    String configured = environment.getOrDefault("XDG_CONFIG_HOME", "");
    Path home =
        configured.isEmpty()
            ? Path.of(
                environment.getOrDefault("HOME", System.getProperty("user.home", ".")), ".config")
            : Path.of(configured);
    return home.resolve("pipewright").resolve("login.properties");
  }

  /**
   * What is saved, if anything is.
   *
   * @throws CommandException if it cannot be read
   */
  static Optional<SavedLogin> read(Path file) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Properties lines = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      lines.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandException(
          "Could not read the login in " + file + ". Make it anew with: pipewright login", 2);
    }
    String server = lines.getProperty("server");
    String token = lines.getProperty("token");
    return server == null || token == null
        ? Optional.empty()
        : Optional.of(new SavedLogin(server, token));
  }

  /** Writes the file, readable for its owner alone from its first byte on. */
  void write(Path file) throws IOException {
    Properties lines = new Properties();
    lines.setProperty("server", server);
    lines.setProperty("token", token);
    StringWriter text = new StringWriter();
    lines.store(text, null);
    Path folder = Files.createDirectories(file.toAbsolutePath().getParent());
    Path fresh =
        Files.createTempFile(
            folder,
            "login",
            ".new",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(fresh, text.toString().getBytes(StandardCharsets.UTF_8));
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public String toString() {
    return "SavedLogin[" + server + "]";
  }
}
