package dev.pipewright.builder.image;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The registry that runtime images are pushed into, from where every machine that starts runs pulls
 * them.
 *
 * @param host the registry with its port, such as {@code registry.example.com:5000}
 * @param repository the repository in it, such as {@code ci/pipewright-runtime}
 * @param plainHttp whether it is spoken to without TLS
 * @param user who pushes; null for what Docker's own configuration file says
 * @param password the password of {@code user}; null without one
 */
public record ImageRegistry(
    String host,
    String repository,
    boolean plainHttp,
    @Nullable String user,
    @Nullable String password) {
  private static final Pattern PLACE =
      Pattern.compile("([A-Za-z0-9.-]+(?::[0-9]{1,5})?)((?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*)");
  private static final Pattern LOOPBACK =
      Pattern.compile("(localhost|127\\.[0-9]+\\.[0-9]+\\.[0-9]+)(:[0-9]+)?");
  private static final String NAME = "pipewright-runtime";

  public ImageRegistry {
    if ((user == null) != (password == null)) {
      throw new IllegalArgumentException(
          "A registry needs a user and a password, or neither: set PIPEWRIGHT_REGISTRY_USER and"
              + " PIPEWRIGHT_REGISTRY_PASSWORD, or log in with 'docker login'.");
    }
  }

  /**
   * The registry at a place.
   *
   * @param place {@code HOST[:PORT][/PREFIX]}
   * @param plainHttp whether to speak without TLS; a registry on this machine's loopback always is
   * @throws IllegalArgumentException with a message for people if that is no place of a registry,
   *     or only one of {@code user} and {@code password} is given
   */
  public static ImageRegistry at(
      String place, boolean plainHttp, @Nullable String user, @Nullable String password) {
    Matcher found = PLACE.matcher(place);
    if (!found.matches()) {
      throw new IllegalArgumentException(
          "'%s' is no place for images. Say HOST, HOST:PORT or HOST:PORT/PREFIX without a scheme, the prefix in lower case."
              .formatted(place));
    }
    String host = found.group(1);
    String prefix = found.group(2).isEmpty() ? "" : found.group(2).substring(1) + "/";
    return new ImageRegistry(
        host, prefix + NAME, plainHttp || LOOPBACK.matcher(host).matches(), user, password);
  }

  /** The image with a digest, as machines pull it. */
  String pinned(String digest) {
    return host + "/" + repository + "@" + digest;
  }

  /** The image with a tag. */
  String tagged(String tag) {
    return host + "/" + repository + ":" + tag;
  }

  @Override
  public String toString() {
    return host + "/" + repository;
  }
}
