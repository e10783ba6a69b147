package dev.pipewright.protocol.api;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The kinds of senders of webhooks. A source is of exactly one kind, by its configuration; it
 * decides how deliveries are verified and read.
 */
public enum ForgeKind {
  GITHUB("github", true),
  GITLAB("gitlab", true),
  GITEA("gitea", true),
  FORGEJO("forgejo", true),
  GOGS("gogs", true),
  BITBUCKET_CLOUD("bitbucket-cloud", true),
  BITBUCKET_DATACENTER("bitbucket-datacenter", true),
  /** Cannot sign; its secret is part of the URL. */
  GERRIT("gerrit", false),
  PLAIN_GIT("plain-git", false);

  private final String word;
  private final boolean secretNeeded;

  ForgeKind(String word, boolean secretNeeded) {
    this.word = word;
    this.secretNeeded = secretNeeded;
  }

  /** The word in configuration and on the wire. */
  public String word() {
    return word;
  }

  /** True if a source of this kind cannot be without a secret. */
  public boolean secretNeeded() {
    return secretNeeded;
  }

  /** Below which the heads of pull requests are; empty if they are not to be looked for. */
  private String pulls() {
    return switch (this) {
      case GITHUB, GITEA, FORGEJO -> "refs/pull/";
      case GITLAB -> "refs/merge-requests/";
      case GOGS, BITBUCKET_CLOUD, BITBUCKET_DATACENTER, GERRIT, PLAIN_GIT -> "";
    };
  }

  /**
   * True if this forge keeps the head of every pull request in the repository it wants to go to, up
   * to date, under the ref and with the commit that its webhooks name, too.
   */
  public boolean keepsPulls() {
    return !pulls().isEmpty();
  }

  /** True if this is the full name of such a head. */
  public boolean isPull(String ref) {
    String prefix = pulls();
    return !prefix.isEmpty()
        && ref.startsWith(prefix)
        && ref.substring(prefix.length()).matches("[1-9][0-9]{0,14}/head");
  }

  /** The kind with this word, if there is one. */
  public static Optional<ForgeKind> of(String word) {
    return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
  }

  /** All words, for messages. */
  public static List<String> words() {
    return Arrays.stream(values()).map(ForgeKind::word).toList();
  }
}
