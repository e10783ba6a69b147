package dev.pipewright.spawner.hook;

import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.DeliveryReceipt;
import dev.pipewright.protocol.api.SourceWithSecret;
import dev.pipewright.protocol.api.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Judges deliveries. The forge comes from the configuration of the source and never from the
 * request. Pure: the same bytes always give the same judgement, and no input makes it throw.
 */
public final class Hooks {
  private static final Pattern DELIVERY_ID = Pattern.compile("[A-Za-z0-9._:-]{1,100}");
  private static final int REASON_LIMIT = 300;

  private Hooks() {}

  /** Judges one delivery for {@code source}. */
  public static Judgement judge(SourceWithSecret source, HookHeaders headers, byte[] body) {
    SourceName name = source.source().name();
    Forge forge = Forge.of(source.source().forge());
    Optional<String> fault = forge.fault(source.secret(), headers, body);
    if (fault.isPresent()) {
      return new Judgement.Unauthorized(rejected(name, null, "unverified", fault.get()));
    }
    String id = null;
    String event = "unknown";
    try {
      id = deliveryId(headers, forge.deliveryHeader());
      if (headers.single("Content-Encoding").filter(c -> !c.equals("identity")).isPresent()) {
        throw new MalformedHookException("Send the body without a content encoding.");
      }
      event = forge.event(headers);
      Reading reading = forge.read(event, headers, body);
      return new Judgement.Accepted(
          new DeliveryReceipt(
              name, id, event, reading.verdict(), reading.reason(), reading.changes()));
    } catch (MalformedHookException | ProtocolException e) {
      return new Judgement.Malformed(rejected(name, id, event, e.getMessage()));
    }
  }

  /**
   * Spends the time a judgement of a signed delivery takes, for a source that does not exist, so
   * that the time of the answer does not tell which sources there are.
   */
  public static void judgeNothing(HookHeaders headers, byte[] body) {
    var _ = Signature.fault(headers, body, "no source, no secret");
  }

  private static @Nullable String deliveryId(HookHeaders headers, String header) {
    Optional<String> id = headers.single(header);
    if (id.isPresent() && !DELIVERY_ID.matcher(id.get()).matches()) {
      throw new MalformedHookException(
          "The header " + header + " is not 1 to 100 letters, digits, dots, colons or dashes.");
    }
    return id.orElse(null);
  }

  private static DeliveryReceipt rejected(
      SourceName source, @Nullable String id, String event, @Nullable String reason) {
    String text = reason == null ? "The delivery cannot be read." : reason;
    return new DeliveryReceipt(
        source, id, event, Verdict.REJECTED, Untrusted.clean(text, REASON_LIMIT), List.of());
  }
}
