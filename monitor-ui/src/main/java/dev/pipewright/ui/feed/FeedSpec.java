package dev.pipewright.ui.feed;

import dev.pipewright.protocol.ProtocolException;
import java.net.URI;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A feed of another server, as the file of the wall names it.
 *
 * @param name what the wall calls it: 1 to 40 letters, digits, blanks, dots, dashes or underscores
 * @param url where it is; http or https, without user and password
 * @param user for Basic authentication, together with {@code password}
 * @param token for Bearer authentication, or the value of {@code tokenParameter}
 * @param tokenParameter the query parameter that carries the token instead of a header
 * @param ca a PEM file with the certificates to trust for this feed alone; null for the usual ones
 * @param everySeconds how often it is read: 5 to 3600; null for 10
 */
public record FeedSpec(
    String name,
    URI url,
    @Nullable String user,
    @Nullable String password,
    @Nullable String token,
    @Nullable String tokenParameter,
    @Nullable String ca,
    @Nullable Integer everySeconds) {
  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N} ._-]{1,40}");
  private static final int USUAL_SECONDS = 10;

  public FeedSpec {
    if (name == null || !NAME.matcher(name).matches()) {
      throw new ProtocolException(
          "\"name\" of a feed has 1 to 40 letters, digits, blanks, dots, dashes or underscores.");
    }
    String scheme = url == null ? null : url.getScheme();
    if (url == null
        || url.getHost() == null
        || !("http".equals(scheme) || "https".equals(scheme))) {
      throw new ProtocolException("\"url\" of the feed " + name + " is an http or https address.");
    }
    if (url.getUserInfo() != null) {
      throw new ProtocolException(
          "\"url\" of the feed " + name + " has no user in it: use \"user\" and \"password\".");
    }
    if ((user == null) != (password == null)) {
      throw new ProtocolException(
          "The feed " + name + " has \"user\" and \"password\" or neither.");
    }
    if (user != null && token != null) {
      throw new ProtocolException("The feed " + name + " has a user or a \"token\", not both.");
    }
    if (tokenParameter != null && token == null) {
      throw new ProtocolException(
          "The feed " + name + " has a \"tokenParameter\" but no \"token\".");
    }
    if (everySeconds != null && (everySeconds < 5 || everySeconds > 3600)) {
      throw new ProtocolException("\"everySeconds\" of the feed " + name + " is 5 to 3600.");
    }
  }

  /** A feed that needs no authentication, read every ten seconds. */
  public FeedSpec(String name, URI url) {
    this(name, url, null, null, null, null, null, null);
  }

  /** The seconds between two readings. */
  public int seconds() {
    return everySeconds == null ? USUAL_SECONDS : everySeconds;
  }

  /** Without what is secret. */
  @Override
  public String toString() {
    return "FeedSpec["
        + name
        + ", "
        + url.getScheme()
        + "://"
        + url.getHost()
        + url.getPath()
        + "]";
  }
}
