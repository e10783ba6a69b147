package dev.pipewright.spawner.hook;

import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.DeliveryReceipt;
import dev.pipewright.protocol.api.ForeignPolicy;
import dev.pipewright.protocol.api.ForgeKind;
import dev.pipewright.protocol.api.SourceView;
import dev.pipewright.protocol.api.SourceWithSecret;
import dev.pipewright.protocol.api.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Judges deliveries. The forge comes from the configuration of the source and never from the
 * request. Pure: the same bytes at the same time always give the same judgement, and no input makes
 * it throw.
 */
public final class Hooks {
  private static final int REASON_LIMIT = 300;
  private static final String PING = "diagnostics:ping";
  private static final int LARGEST_PING = 1000;

  private Hooks() {}

  /** Judges one delivery for {@code source}, received at {@code now}. */
  public static Judgement judge(
      SourceWithSecret source, HookHeaders headers, byte[] body, Instant now) {
    SourceName name = source.source().name();
    HookRequest request = new HookRequest(headers, body, now);
    Optional<ForgeKind> kind = ForgeKind.of(source.source().forge());
    if (kind.isEmpty()) {
      return unauthorized(
          name, "The source is of a forge that is not supported; use one of " + ForgeKind.words());
    }
    if (isUnsignedPing(kind.get(), request)) {
      return new Judgement.Accepted(
          new DeliveryReceipt(
              name,
              "unsigned-ping",
              PING,
              Verdict.PING,
              "Bitbucket tests the connection; it does not sign that.",
              List.of()));
    }
    Optional<String> fault = fault(kind.get(), source.secret(), request);
    return fault.isPresent()
        ? unauthorized(name, fault.get())
        : read(source.source(), Forge.of(kind.get()), request);
  }

  private static Optional<String> fault(
      ForgeKind kind, @Nullable String secret, HookRequest request) {
    if (secret == null) {
      return kind.secretNeeded()
          ? Optional.of(
              "The source has no secret: deliveries of %s are believed only with one."
                  .formatted(kind.word()))
          : Optional.empty();
    }
    try {
      return Forge.of(kind).fault(secret, request);
    } catch (MalformedHookException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Data Center does not sign its test of the connection. Its answer must be good, or the hook
   * counts as broken; it does nothing, and all such tests are kept as one delivery.
   */
  private static boolean isUnsignedPing(ForgeKind kind, HookRequest request) {
    try {
      return kind == ForgeKind.BITBUCKET_DATACENTER
          && request.headers().single("X-Event-Key").filter(PING::equals).isPresent()
          && !request.headers().has("X-Hub-Signature")
          && request.raw().length <= LARGEST_PING;
    } catch (MalformedHookException e) {
      return false;
    }
  }

  private static Judgement read(SourceView source, Forge forge, HookRequest request) {
    SourceName name = source.name();
    String id = null;
    String event = "unknown";
    try {
      id = forge.deliveryId(request);
      event = forge.event(request);
      Reading reading = wanted(source, forge.read(event, request));
      return new Judgement.Accepted(
          new DeliveryReceipt(
              name, id, event, reading.verdict(), reading.reason(), reading.changes()));
    } catch (MalformedHookException | ProtocolException e) {
      return new Judgement.Malformed(rejected(name, id, event, e.getMessage()));
    } catch (TooLargeHookException e) {
      return new Judgement.TooLarge(rejected(name, id, event, e.getMessage()));
    }
  }

  /** What anybody may have made is only recorded where the source says so. */
  private static Reading wanted(SourceView source, Reading reading) {
    boolean ignored =
        reading.verdict() == Verdict.BUILD_UNTRUSTED && source.foreign() == ForeignPolicy.IGNORE;
    return ignored
        ? new Reading(
            Verdict.IGNORED,
            "It comes from outside the repository, and the source ignores that.",
            reading.changes())
        : reading;
  }

  /**
   * Spends the time a judgement of a signed delivery takes, for a source that does not exist, so
   * that the time of the answer does not tell which sources there are.
   */
  public static void judgeNothing(HookHeaders headers, byte[] body) {
    HookRequest request = new HookRequest(headers, body, Instant.EPOCH);
    var _ = Forge.of(ForgeKind.GITHUB).fault("no source, no secret", request);
  }

  private static Judgement unauthorized(SourceName source, String why) {
    return new Judgement.Unauthorized(rejected(source, null, "unverified", why));
  }

  private static DeliveryReceipt rejected(
      SourceName source, @Nullable String id, String event, @Nullable String reason) {
    String text = reason == null ? "The delivery cannot be read." : reason;
    return new DeliveryReceipt(
        source, id, event, Verdict.REJECTED, Untrusted.clean(text, REASON_LIMIT), List.of());
  }
}
