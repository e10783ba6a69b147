package dev.pipewright.builder.git;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The checked address of a repository: http, https, ssh, git, file, the short {@code
 * user@host:path}, or an absolute local path. Everything else, above all addresses that name a
 * command, is refused.
 */
record RemoteUrl(String value, boolean local) {
  private static final int LIMIT = 2000;
  private static final Set<String> SCHEMES = Set.of("http", "https", "ssh", "git", "file");
  private static final Pattern WITH_SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://(.*)");
  private static final Pattern SHORT_SSH =
      Pattern.compile("(?:[A-Za-z0-9._][A-Za-z0-9._-]*@)?[A-Za-z0-9][A-Za-z0-9.-]*:(?![:/]{2}).+");
  private static final Pattern AUTHORITY =
      Pattern.compile("(?:[^@/]*@)?(\\[[0-9a-fA-F:.]+]|[^/:]+)");
  private static final Pattern PASSWORD = Pattern.compile("://([^:@/]*):[^@/]*@");

  /**
   * Checks an address.
   *
   * @param localAllowed whether repositories on this machine may be named
   * @throws MirrorException if it is not allowed; the message says what is
   */
  static RemoteUrl of(String text, boolean localAllowed) {
    if (text.isBlank() || text.length() > LIMIT || text.codePoints().anyMatch(c -> c <= ' ')) {
      throw refused(text, "it is empty, too long, or holds blanks or control characters");
    }
    Matcher scheme = WITH_SCHEME.matcher(text);
    if (scheme.matches()) {
      return withScheme(text, scheme.group(1), scheme.group(2), localAllowed);
    }
    if (text.contains("::")) {
      throw refused(text, "addresses that name a command are not allowed");
    }
    if (text.startsWith("/")) {
      return local(text, localAllowed);
    }
    if (SHORT_SSH.matcher(text).matches()) {
      return new RemoteUrl(text, false);
    }
    throw refused(text, "it is neither a URL nor an absolute path");
  }

  private static RemoteUrl withScheme(
      String text, String scheme, String rest, boolean localAllowed) {
    if (!SCHEMES.contains(scheme)) {
      throw refused(text, "'" + scheme + "' is not supported");
    }
    if (scheme.equals("file")) {
      if (!rest.startsWith("/")) {
        throw refused(text, "a file address is written file:///path");
      }
      return local(text, localAllowed);
    }
    Matcher authority = AUTHORITY.matcher(rest);
    if (!authority.lookingAt() || authority.group(1).startsWith("-") || rest.startsWith("-")) {
      throw refused(text, "its host name is not valid");
    }
    return new RemoteUrl(text, false);
  }

  private static RemoteUrl local(String text, boolean allowed) {
    if (!allowed) {
      throw refused(text, "repositories on the server's own disk are switched off");
    }
    return new RemoteUrl(text, true);
  }

  private static MirrorException refused(String text, String why) {
    return MirrorException.refused(
        "The repository address '%s' is refused: %s. Use https://, http://, ssh://, git://, file:///"
                .formatted(shown(text), why)
            + " or an absolute path.");
  }

  private static String shown(String text) {
    String clean = PASSWORD.matcher(text.replaceAll("\\p{Cntrl}", "?")).replaceAll("://$1:…@");
    return clean.length() <= 200 ? clean : clean.substring(0, 200) + "…";
  }

  /** The address as it may be shown: without a password. */
  @Override
  public String toString() {
    return shown(value);
  }
}
