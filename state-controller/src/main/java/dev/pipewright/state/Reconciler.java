package dev.pipewright.state;

import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.ChangeKind;
import dev.pipewright.protocol.api.DeliveryReceipt;
import dev.pipewright.protocol.api.ForeignPolicy;
import dev.pipewright.protocol.api.ForgeKind;
import dev.pipewright.protocol.api.LookDone;
import dev.pipewright.protocol.api.LookWork;
import dev.pipewright.protocol.api.MergeQueue;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.RefChange;
import dev.pipewright.protocol.api.RemoteRef;
import dev.pipewright.protocol.api.SourceView;
import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.protocol.run.Cause;
import dev.pipewright.protocol.run.Trust;
import dev.pipewright.state.store.Shelf;
import dev.pipewright.state.store.Storage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills the gaps that lost webhooks leave. Every source is looked at now and then, first soon after
 * the start; Builders list its refs, one of them at a time. A ref that points to a commit which
 * neither the last look nor a delivery has brought is a gap; one that is still there a little later
 * becomes a delivery. The first look at a source only notes what is there.
 *
 * <p>Of a pull request a ref tells its number and its commit, and nothing else. It is believed to
 * be open, as a forge does not move the heads of closed ones. A commit that is the head of a branch
 * of the repository is as good as one of a pull request from there; any other one may be anybody's,
 * and the default branch stands for the base nobody names. Thread-safe.
 */
public final class Reconciler {
  /** The event of the deliveries made here. */
  static final String EVENT = "reconcile";

  private static final String NOTE = "Its webhook was missed; a look at the repository found it.";
  private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
  private static final String HEADS = "refs/heads/";
  private static final String TAGS = "refs/tags/";
  private static final Duration LEASE = Duration.ofMinutes(5);

  /** How long a webhook may be on its way. */
  private static final Duration GRACE = Duration.ofSeconds(20);

  /** What is more than this waits for the next look. */
  private static final int MOST_AT_ONCE = 500;

  /** What is known of a source between two looks; guarded by itself. */
  private static final class Watch {
    private Instant nextAt;
    private @Nullable Instant leasedUntil;
    private long fence;
    private Map<String, Gap> gaps = Map.of();

    private Watch(Instant nextAt) {
      this.nextAt = nextAt;
    }
  }

  /** A commit nobody told of, and since when that is known. */
  private record Gap(CommitId commit, Instant since) {}

  private final Shelf<SeenRefs> shelf;
  private final Sources sources;
  private final Deliveries deliveries;
  private final Predicate<SourceName> startedByPulls;
  private final Duration interval;
  private final Duration grace;
  private final InstantSource clock;
  private final AtomicLong fences;
  private final AtomicLong looks = new AtomicLong();
  private final AtomicLong missed = new AtomicLong();
  private final ConcurrentMap<SourceName, Watch> watches = new ConcurrentHashMap<>();
  private final Notice due = new Notice();

  /**
   * {@code startedByPulls} says whether a source has a pipeline that pull requests start, and
   * {@code interval} lies between two looks at a source; zero for none at all.
   */
  Reconciler(
      Storage storage,
      Sources sources,
      Deliveries deliveries,
      Predicate<SourceName> startedByPulls,
      Duration interval,
      InstantSource clock) {
    this.shelf = storage.shelf("seenRefs", SeenRefs.class);
    this.sources = sources;
    this.deliveries = deliveries;
    this.startedByPulls = startedByPulls;
    this.interval = interval;
    this.grace = interval.compareTo(GRACE) < 0 ? interval : GRACE;
    this.clock = clock;
    this.fences = new AtomicLong(clock.millis());
  }

  /** The next look that is due, if one is within {@code wait}; held for five minutes. */
  public Optional<LookWork> claim(Duration wait) {
    return due.await(wait, this::claimNow);
  }

  /** Offers a claimed look again at once; of one that is not held so, it changes nothing. */
  public void giveBack(LookWork work) {
    Watch watch = watches.get(work.source().name());
    if (watch == null) {
      return;
    }
    synchronized (watch) {
      if (watch.fence == work.fence()) {
        watch.leasedUntil = null;
      }
    }
    due.announce();
  }

  private Optional<LookWork> claimNow() {
    if (interval.isZero()) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    for (SourceView source : sources.all().items()) {
      Watch watch = watches.computeIfAbsent(source.name(), any -> new Watch(now));
      synchronized (watch) {
        boolean held = watch.leasedUntil != null && watch.leasedUntil.isAfter(now);
        if (!held && !watch.nextAt.isAfter(now)) {
          watch.leasedUntil = now.plus(LEASE);
          watch.fence = fences.incrementAndGet();
          return Optional.of(new LookWork(source, watch.fence));
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Takes what a claimed look has found. Its deliveries are durable before it is noted as seen.
   *
   * @throws ApiException FENCED if the look was given to somebody else, or is over
   */
  public void done(LookDone look) {
    Watch watch = watches.get(look.source());
    if (watch == null) {
      throw fenced(look.source());
    }
    synchronized (watch) {
      if (watch.leasedUntil == null || watch.fence != look.fence()) {
        throw fenced(look.source());
      }
      Optional<SeenRefs> before = shelf.find(look.source().value()).map(Shelf.Held::value);
      if (look.problem() != null) {
        LOG.atWarn()
            .addKeyValue("source", look.source())
            .addKeyValue("problem", look.problem())
            .log("Refs could not be listed");
      } else if (!isSuddenlyEmpty(look, before)) {
        compare(look, before, watch);
        looks.incrementAndGet();
      }
      watch.leasedUntil = null;
      Duration pause = watch.gaps.isEmpty() ? interval : grace;
      watch.nextAt = clock.instant().plus(pause);
    }
  }

  private static ApiException fenced(SourceName source) {
    return new ApiException(
        Problem.Code.FENCED, "The look at " + source + " was given to somebody else.");
  }

  /** A repository that is just being restored must not seem to be all new a moment later. */
  private static boolean isSuddenlyEmpty(LookDone look, Optional<SeenRefs> before) {
    return look.refs().isEmpty() && before.filter(known -> !known.commits().isEmpty()).isPresent();
  }

  private void compare(LookDone look, Optional<SeenRefs> before, Watch watch) {
    Map<String, String> seen = new HashMap<>();
    Map<String, Gap> gaps = new HashMap<>();
    int filled = 0;
    boolean pulls =
        before.filter(SeenRefs::pulls).isPresent() && startedByPulls.test(look.source());
    for (RemoteRef ref : look.refs()) {
      String old = before.map(known -> known.commits().get(ref.ref())).orElse(null);
      boolean noted = before.isEmpty() || (isPull(ref) && !pulls);
      if (noted || isKnown(look.source(), ref, old)) {
        seen.put(ref.ref(), ref.commit().value());
        continue;
      }
      Gap gap = gap(ref, watch);
      boolean ripe = !gap.since().plus(grace).isAfter(clock.instant());
      if (ripe && filled < MOST_AT_ONCE) {
        fill(look, ref);
        filled++;
        seen.put(ref.ref(), ref.commit().value());
      } else {
        gaps.put(ref.ref(), gap);
        if (old != null) {
          seen.put(ref.ref(), old);
        }
      }
    }
    SeenRefs after = new SeenRefs(look.source(), seen, look.listsPulls());
    if (before.isEmpty() || !before.get().equals(after)) {
      shelf.put(look.source().value(), after);
    }
    watch.gaps = Map.copyOf(gaps);
  }

  private static boolean isPull(RemoteRef ref) {
    return !ref.ref().startsWith(HEADS) && !ref.ref().startsWith(TAGS);
  }

  /** A forge may name the object of an annotated tag instead of its commit. */
  private boolean isKnown(SourceName source, RemoteRef ref, @Nullable String old) {
    CommitId tag = ref.tag();
    return ref.commit().value().equals(old)
        || deliveries.brought(source, ref.ref(), ref.commit().value())
        || (tag != null && deliveries.brought(source, ref.ref(), tag.value()));
  }

  private Gap gap(RemoteRef ref, Watch watch) {
    Gap known = watch.gaps.get(ref.ref());
    return known != null && known.commit().equals(ref.commit())
        ? known
        : new Gap(ref.commit(), clock.instant());
  }

  /** The id is made of the change, so that it is one delivery however often it is found. */
  private void fill(LookDone look, RemoteRef ref) {
    SourceName source = look.source();
    RefChange change = change(look, ref);
    boolean foreign = change.trust() == Trust.FOREIGN;
    if (foreign && sources.view(source).foreign() == ForeignPolicy.IGNORE) {
      return;
    }
    String id = EVENT + "-" + Hashes.of(source + "|" + ref.ref() + "|" + ref.commit());
    boolean known =
        deliveries
            .found(
                id,
                new DeliveryReceipt(
                    source,
                    null,
                    EVENT,
                    foreign ? Verdict.BUILD_UNTRUSTED : Verdict.BUILD,
                    "No webhook told of this change; a look at the repository found it.",
                    List.of(change)))
            .duplicate();
    if (!known) {
      missed.incrementAndGet();
      LOG.atWarn()
          .addKeyValue("source", source)
          .addKeyValue("ref", ref.ref())
          .addKeyValue("commit", ref.commit())
          .log("Webhook was missed");
    }
  }

  private RefChange change(LookDone look, RemoteRef ref) {
    Optional<MergeQueue> queue =
        ForgeKind.of(sources.view(look.source()).forge())
            .flatMap(forge -> MergeQueue.of(forge, ref.ref()));
    if (queue.isPresent()) {
      return new RefChange(
          ChangeKind.MERGE_GROUP,
          ref.ref(),
          ref.commit(),
          null,
          null,
          queue.get().baseBranch(),
          queue.get().base(),
          null,
          null);
    }
    if (!isPull(ref)) {
      boolean tag = ref.ref().startsWith(TAGS);
      return new RefChange(
          tag ? ChangeKind.TAG : ChangeKind.PUSH, ref.ref(), ref.commit(), null, null, null);
    }
    boolean inside =
        look.refs().stream()
            .anyMatch(
                other -> other.ref().startsWith(HEADS) && other.commit().equals(ref.commit()));
    return new RefChange(
        ChangeKind.PULL_REQUEST,
        ref.ref(),
        ref.commit(),
        null,
        null,
        null,
        null,
        null,
        null,
        inside ? Trust.INTERNAL : Trust.FOREIGN);
  }

  /** A run as it is to be queued: one whose webhook was missed says so in its cause. */
  static NewRun noted(NewRun order, Deliveries deliveries) {
    Cause cause = order.cause();
    String delivery = cause.delivery();
    if (delivery == null || deliveries.entry(delivery).filter(DeliveryEntry::ofLook).isEmpty()) {
      return order;
    }
    return order.with(new Cause(cause.kind(), cause.by(), cause.message(), delivery, NOTE));
  }

  /** How many looks have succeeded since the start. */
  public long looks() {
    return looks.get();
  }

  /** How many webhooks were found missing since the start. */
  public long missed() {
    return missed.get();
  }

  /** Offers the looks that have become due. To be called every few seconds. */
  public void sweep() {
    if (!interval.isZero()) {
      due.announce();
    }
  }
}
