package dev.pipewright.spawner.inbox;

import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.DeliveryAccepted;
import dev.pipewright.protocol.api.DeliveryReceipt;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.SourceWithSecret;
import dev.pipewright.protocol.client.WorkClient;
import dev.pipewright.spawner.hook.HookHeaders;
import dev.pipewright.spawner.hook.Hooks;
import dev.pipewright.spawner.hook.Judgement;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes deliveries in: judges them over their raw bytes and has them stored before it answers. Does
 * nothing else with them; that is {@link Inbox}'s work. Thread-safe, blocking.
 */
public final class Reception {
  private static final Logger LOG = LoggerFactory.getLogger(Reception.class);
  private static final int FORGED_PER_MINUTE = 60;
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final WorkClient client;
  private final InstantSource clock;
  private final Executor background;
  private final Sources sources;
  private final ConcurrentMap<SourceName, AtomicInteger> forged = new ConcurrentHashMap<>();
  private volatile Instant forgedSince = Instant.EPOCH;

  /** A reception that stores through {@code client}; forged deliveries in the background. */
  public Reception(WorkClient client, InstantSource clock, Executor background) {
    this.client = client;
    this.clock = clock;
    this.background = background;
    this.sources = new Sources(client, clock);
  }

  /**
   * Takes one delivery in. Never throws: whatever cannot be done is in the answer. A delivery that
   * came before gives the answer it got then.
   */
  public HookAnswer receive(String sourceName, HookHeaders headers, byte[] body) {
    try {
      Optional<SourceWithSecret> source = sources.find(sourceName);
      if (source.isEmpty()) {
        Hooks.judgeNothing(headers, body);
        return unauthorized();
      }
      return switch (Hooks.judge(source.get(), headers, body, clock.instant())) {
        case Judgement.Accepted accepted -> stored(accepted.receipt());
        case Judgement.Malformed malformed -> refused(Problem.Code.MALFORMED, malformed.receipt());
        case Judgement.TooLarge large -> refused(Problem.Code.TOO_LARGE, large.receipt());
        case Judgement.Unauthorized unauthorized -> {
          recordForged(unauthorized.receipt());
          yield unauthorized();
        }
      };
    } catch (RuntimeException e) {
      LOG.atWarn().addKeyValue("source", sourceName).setCause(e).log("Delivery was not stored");
      return new HookAnswer.Refused(
          Problem.of(
              Problem.Code.UNAVAILABLE,
              "The delivery could not be stored.",
              "Deliver it again in a moment."));
    }
  }

  private HookAnswer stored(DeliveryReceipt receipt) {
    DeliveryAccepted accepted = client.deliver(receipt);
    LOG.atInfo()
        .addKeyValue("delivery", accepted.id())
        .addKeyValue("verdict", accepted.verdict())
        .addKeyValue("duplicate", accepted.duplicate())
        .log("Delivery received");
    return new HookAnswer.Stored(accepted);
  }

  private HookAnswer refused(Problem.Code code, DeliveryReceipt receipt) {
    DeliveryAccepted accepted = client.deliver(receipt);
    return new HookAnswer.Refused(
        Problem.of(
            code,
            "The delivery cannot be read: " + receipt.reason(),
            "It is kept as " + accepted.id() + "."));
  }

  /** The same words for unknown sources and wrong signatures, so that they tell nothing apart. */
  private static HookAnswer unauthorized() {
    return new HookAnswer.Refused(
        Problem.of(
            Problem.Code.UNAUTHORIZED,
            "There is no such source, or the signature is missing or wrong.",
            "Compare the URL and the secret of the webhook with those of the source; the server's"
                + " log and the source's deliveries say more."));
  }

  /**
   * Records forged deliveries after the answer, so that its time tells nothing, and only so many of
   * each source, so that a stranger can neither fill the store nor hide what is wrong elsewhere.
   */
  private void recordForged(DeliveryReceipt receipt) {
    Instant now = clock.instant();
    if (now.isAfter(forgedSince.plus(MINUTE))) {
      forgedSince = now;
      forged.clear();
    }
    AtomicInteger count = forged.computeIfAbsent(receipt.source(), _ -> new AtomicInteger());
    if (count.incrementAndGet() > FORGED_PER_MINUTE) {
      return;
    }
    background.execute(
        () -> {
          LOG.atWarn()
              .addKeyValue("source", receipt.source())
              .addKeyValue("reason", receipt.reason())
              .log("Delivery refused");
          try {
            client.deliver(receipt);
          } catch (ApiException | UncheckedIOException e) {
            LOG.atWarn()
                .addKeyValue("source", receipt.source())
                .setCause(e)
                .log("Refused delivery was not recorded");
          }
        });
  }
}
