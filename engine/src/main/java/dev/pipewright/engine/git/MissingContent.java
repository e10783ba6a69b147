package dev.pipewright.engine.git;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What a commit holds only as a reference: submodules, and files in Git LFS. A checkout does not
 * follow either, because it has credentials for nothing but the mirror of its own source, and a
 * commit could name any server. Rather than let steps work on half of the content, it refuses,
 * unless the pipeline says that it knows.
 */
final class MissingContent {
  private static final String SUBMODULES = "CHECKOUT_SUBMODULES";
  private static final String LFS = "CHECKOUT_LFS";
  private static final int LARGEST_POINTER = 1024;
  private static final long LARGEST_ATTRIBUTES = 1 << 20;
  private static final byte[] POINTER =
      "version https://git-lfs".getBytes(StandardCharsets.US_ASCII);

  private MissingContent() {}

  /**
   * Looks through a fresh working copy.
   *
   * @param environment what the step declares
   * @throws CheckoutException naming what is missing, and the ways out
   */
  static void refuse(Path workspace, Map<String, String> environment) throws CheckoutException {
    try {
      List<IndexFile.Entry> entries = IndexFile.read(workspace);
      if (!"empty".equals(environment.get(SUBMODULES))) {
        refuseSubmodules(entries);
      }
      if (!"pointers".equals(environment.get(LFS)) && usesLfs(workspace, entries)) {
        refusePointers(workspace, entries);
      }
    } catch (IOException | IndexOutOfBoundsException e) {
      throw new CheckoutException("Could not read what was checked out: " + e.getMessage());
    }
  }

  private static void refuseSubmodules(List<IndexFile.Entry> entries) throws CheckoutException {
    List<String> found =
        entries.stream().filter(IndexFile.Entry::isSubmodule).map(IndexFile.Entry::path).toList();
    if (!found.isEmpty()) {
      throw new CheckoutException(
          ("The commit has %s, and the checkout brings none: it has no credentials for other"
                  + " repositories. Say checkout().env(\"%s\", \"empty\") to go on with empty folders,"
                  + " and bring what you need with withCheckout(...) or"
                  + " sh(\"submodules\", \"git submodule update --init --depth 1\").")
              .formatted(named(found, "submodule"), SUBMODULES));
    }
  }

  private static boolean usesLfs(Path workspace, List<IndexFile.Entry> entries) throws IOException {
    for (IndexFile.Entry entry : entries) {
      boolean attributes =
          entry.path().equals(".gitattributes") || entry.path().endsWith("/.gitattributes");
      if (attributes && entry.isRegular() && entry.size() <= LARGEST_ATTRIBUTES) {
        byte[] text = Files.readAllBytes(workspace.resolve(entry.path()));
        if (new String(text, StandardCharsets.ISO_8859_1).contains("filter=lfs")) {
          return true;
        }
      }
    }
    return false;
  }

  private static void refusePointers(Path workspace, List<IndexFile.Entry> entries)
      throws IOException, CheckoutException {
    List<String> found = new ArrayList<>();
    for (IndexFile.Entry entry : entries) {
      boolean small = entry.isRegular() && entry.size() <= LARGEST_POINTER;
      if (small && isPointer(workspace.resolve(entry.path()))) {
        found.add(entry.path());
      }
    }
    if (!found.isEmpty()) {
      throw new CheckoutException(
          ("The commit keeps %s in Git LFS, and the checkout brings only pointers: the mirror holds"
                  + " no LFS content. Say checkout().env(\"%s\", \"pointers\") to go on with the"
                  + " pointers, and fetch what you need with"
                  + " sh(\"lfs\", \"git -c lfs.url=… lfs pull\").")
              .formatted(named(found, "file"), LFS));
    }
  }

  private static boolean isPointer(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(POINTER.length), POINTER);
    }
  }

  private static String named(List<String> found, String word) {
    return found.size() == 1
        ? "a %s ('%s')".formatted(word, found.getFirst())
        : "%,d %ss (such as '%s')".formatted(found.size(), word, found.getFirst());
  }
}
