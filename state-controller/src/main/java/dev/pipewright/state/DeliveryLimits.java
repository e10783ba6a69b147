package dev.pipewright.state;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.DeliveryReceipt;
import dev.pipewright.protocol.api.ManualStart;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.PullRequest;
import dev.pipewright.protocol.api.RefChange;
import dev.pipewright.protocol.api.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How much of what a stranger sends is kept. Pure but for the ids it makes. */
final class DeliveryLimits {
  /** Without a dot, so that no two pairs of a source and such a word make the same id. */
  private static final Pattern PLAIN_ID = Pattern.compile("[A-Za-z0-9_-]{1,100}");

  private static final int LONGEST_WORD = 100;
  private static final int LONGEST_TEXT = 500;
  private static final int LONGEST_REF = 1000;
  private static final int MOST_CHANGES = 1000;
  private static final int MOST_PARAMETERS = 100;
  private static final int LONGEST_PARAMETER = 10_000;

  private DeliveryLimits() {}

  /** The id of a delivery; a forge's id that is no plain word is replaced by its hash. */
  static String id(SourceName source, @Nullable String forgeId) {
    if (forgeId == null || forgeId.isEmpty()) {
      return source + "." + UUID.randomUUID();
    }
    String word =
        PLAIN_ID.matcher(forgeId).matches()
            ? forgeId
            : BlobDigest.of(forgeId.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 32);
    return source + "." + word;
  }

  /** True if a Spawner is to work on a delivery with this verdict. */
  static boolean mayStartRuns(Verdict verdict) {
    return verdict.isPlanned();
  }

  /** Throws CONFLICT if there is nothing to be done again. */
  static void checkReplay(DeliveryReceipt receipt) {
    if (receipt.verdict() == Verdict.REJECTED) {
      throw new ApiException(
          Problem.Code.CONFLICT,
          "The delivery was rejected, so it is not replayed: " + receipt.reason(),
          "Mend its cause and have the forge deliver it again.");
    }
    if (!mayStartRuns(receipt.verdict())) {
      throw new ApiException(
          Problem.Code.CONFLICT,
          "The delivery is %s and asks for no run: %s"
              .formatted(receipt.verdict(), receipt.reason()));
    }
  }

  static DeliveryReceipt shortened(DeliveryReceipt receipt) {
    if (receipt.changes().size() > MOST_CHANGES) {
      throw new ApiException(
          Problem.Code.TOO_LARGE,
          "A delivery has at most %,d changes.".formatted(MOST_CHANGES),
          "Push fewer refs at once.");
    }
    boolean rejected = receipt.verdict() == Verdict.REJECTED;
    return new DeliveryReceipt(
        receipt.source(),
        rejected ? null : Limits.shortenIfAny(receipt.forgeId(), LONGEST_WORD),
        Limits.shorten(receipt.event(), LONGEST_WORD),
        receipt.verdict(),
        Limits.shorten(receipt.reason(), LONGEST_TEXT),
        rejected ? List.of() : receipt.changes().stream().map(DeliveryLimits::shortened).toList());
  }

  private static RefChange shortened(RefChange change) {
    if (change.ref().length() > LONGEST_REF) {
      throw new ApiException(
          Problem.Code.MALFORMED,
          "The name of a ref has at most %,d characters.".formatted(LONGEST_REF));
    }
    return new RefChange(
        change.kind(),
        change.ref(),
        change.commit(),
        Limits.shortenIfAny(change.by(), LONGEST_WORD),
        Limits.shortenIfAny(change.message(), LONGEST_TEXT),
        Limits.shortenIfAny(change.baseBranch(), LONGEST_REF),
        change.before(),
        Limits.shortenIfAny(change.author(), LONGEST_WORD),
        change.pull() == null ? null : shortened(change.pull()),
        change.trust());
  }

  private static PullRequest shortened(PullRequest pull) {
    return new PullRequest(
        pull.number(),
        Limits.shortenIfAny(pull.title(), LONGEST_TEXT),
        Limits.shortenIfAny(pull.author(), LONGEST_WORD),
        pull.foreign(),
        Limits.shortenIfAny(pull.headRef(), LONGEST_REF),
        Limits.shortenIfAny(pull.head(), LONGEST_WORD),
        Limits.shorten(pull.baseRef(), LONGEST_REF),
        pull.base());
  }

  static void check(ManualStart wish) {
    Map<String, String> parameters = wish.parameters();
    if (parameters == null) {
      return;
    }
    if (parameters.size() > MOST_PARAMETERS) {
      throw new ApiException(
          Problem.Code.MALFORMED, "A run has at most %d parameters.".formatted(MOST_PARAMETERS));
    }
    parameters.forEach(
        (name, value) -> {
          if (name.length() > LONGEST_WORD || value.length() > LONGEST_PARAMETER) {
            throw new ApiException(
                Problem.Code.MALFORMED,
                "A parameter has a name of at most %d and a value of at most %,d characters."
                    .formatted(LONGEST_WORD, LONGEST_PARAMETER));
          }
        });
  }
}
