package dev.pipewright.builder.image;

/**
 * The name of an image as the daemon's API wants it to pull one image: without a version it would
 * fetch every tag of a repository, and a digest is no part of the repository.
 *
 * @param version a tag or a digest
 */
record ImageName(String repository, String version) {
  /** Reads {@code repository}, {@code repository:tag} or {@code repository@sha256:…}. */
  static ImageName of(String reference) {
    int digest = reference.indexOf('@');
    if (digest > 0) {
      return new ImageName(
          withoutTag(reference.substring(0, digest)), reference.substring(digest + 1));
    }
    String repository = withoutTag(reference);
    return repository.length() == reference.length()
        ? new ImageName(repository, "latest")
        : new ImageName(repository, reference.substring(repository.length() + 1));
  }

  private static String withoutTag(String name) {
    int colon = name.lastIndexOf(':');
    return colon > name.lastIndexOf('/') ? name.substring(0, colon) : name;
  }
}
