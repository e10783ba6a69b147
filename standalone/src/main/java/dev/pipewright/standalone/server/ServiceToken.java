package dev.pipewright.standalone.server;

import dev.pipewright.standalone.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/** The file that holds the token by which components on several machines know each other. */
final class ServiceToken {
  private static final int BYTES = 32;
  private static final int SHORTEST = 16;

  private ServiceToken() {}

  /**
   * The token in the file.
   *
   * @throws CommandException if there is none that can be used
   */
  static String read(Path file) {
    try {
      return checked(file, Files.readString(file).strip());
    } catch (IOException e) {
      throw unusable(file, "read");
    }
  }

  /**
   * The token in the file, which is made first if it does not exist.
   *
   * @throws CommandException if it cannot be made, or holds none that can be used
   */
  static String readOrMake(Path file) {
    try {
      return checked(file, KeptLine.in(file, ServiceToken::fresh));
    } catch (IOException e) {
      throw unusable(file, "make");
    }
  }

  private static String checked(Path file, String token) {
    if (token.length() < SHORTEST || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      throw new CommandException(
          "The service token in %s must be one word of at least %d letters and digits."
              .formatted(file, SHORTEST),
          2);
    }
    return token;
  }

  private static CommandException unusable(Path file, String what) {
    return new CommandException("Could not %s the service token %s.".formatted(what, file), 2);
  }

  private static String fresh() {
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    return "svc_" + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }
}
