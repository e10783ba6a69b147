package dev.pipewright.state;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.LockAnswer;
import dev.pipewright.protocol.api.LockRequest;
import dev.pipewright.protocol.api.LockView;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.run.Answer;
import dev.pipewright.protocol.run.Origin;
import dev.pipewright.state.LockRecord.Claim;
import dev.pipewright.state.store.Shelf;
import dev.pipewright.state.store.Storage;
import dev.pipewright.state.store.StoreException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The locks that runs hold: each has one owner, and others get it in the order in which they came.
 *
 * <p>A lock and its line are one record, so the old owner goes and the new one comes in one write.
 * The number of the grant is drawn before that write: a crash in between only leaves a gap in the
 * numbers. The new owner is told after that write: a crash in between is mended by the sweep, which
 * tells every owner that still waits. So nobody is told of a lock that it does not hold, and nobody
 * who holds one waits for good. The numbers come from one counter for all locks, so they grow even
 * though a lock that nobody wants is not kept. Thread-safe.
 */
public final class Locks implements RunListener {
  private static final Logger log = LoggerFactory.getLogger(Locks.class);
  private static final String GRANTS = "lockGrants";
  private static final int STRIPES = 64;
  private static final int LONGEST_NAME = 200;
  private static final int MOST_WAITING = 5000;

  private final Storage storage;
  private final Shelf<LockRecord> shelf;
  private final LiveRuns runs;
  private final AnswerGiver answers;
  private final InstantSource clock;
  private final ConcurrentSkipListMap<String, LockRecord> known = new ConcurrentSkipListMap<>();
  private final Object[] guards = new Object[STRIPES];

  Locks(Storage storage, LiveRuns runs, AnswerGiver answers, InstantSource clock) {
    this.storage = storage;
    this.shelf = storage.shelf("locks", LockRecord.class);
    this.runs = runs;
    this.answers = answers;
    this.clock = clock;
    for (int i = 0; i < STRIPES; i++) {
      guards[i] = new Object();
    }
    shelf.forEach((id, record) -> known.put(record.name(), record));
  }

  private Object guard(String name) {
    return guards[Math.floorMod(name.hashCode(), STRIPES)];
  }

  /** Every lock that is held or wanted. */
  public Page<LockView> all() {
    return new Page<>(known.values().stream().map(LockRecord::view).toList(), null);
  }

  /**
   * Takes a lock, or a place in its line. Whoever has either keeps it when asking again.
   *
   * @throws ApiException FENCED if the launch was replaced, CONFLICT if the line is full
   */
  public LockAnswer request(RunId id, LockRequest wish) {
    RunRecord run = runs.asking(id, wish.fence());
    String name = name(run, wish);
    String key = LiveRuns.key(wish.key());
    int attempt = run.attempt().number();
    @Nullable Claim told;
    LockAnswer answer;
    synchronized (guard(name)) {
      told = settle(name, claim -> !isAlive(claim));
      LockRecord lock = known.getOrDefault(name, new LockRecord(name, null, List.of()));
      if (!isIn(lock, claim -> claim.isOf(id, attempt, key))) {
        lock = join(lock, new Claim(id, attempt, key, clock.instant(), 0));
      }
      answer = answer(lock, claim -> claim.isOf(id, attempt, key));
    }
    tell(told);
    return answer;
  }

  /** Who runs what nobody has approved never makes others wait: it has locks of its own. */
  private static String name(RunRecord run, LockRequest wish) {
    Origin origin = run.order().origin();
    String name = name(wish.name());
    return origin.isVouchedFor()
        ? name
        : "pull request %s of %s: %s".formatted(origin.pull(), run.order().source(), name);
  }

  private static String name(String name) {
    boolean plain = name.chars().noneMatch(Character::isISOControl);
    if (name.isBlank() || name.length() > LONGEST_NAME || !plain) {
      throw new ApiException(
          Problem.Code.MALFORMED,
          "The name of a lock has 1 to %d printable characters.".formatted(LONGEST_NAME));
    }
    return name;
  }

  private static boolean isIn(LockRecord lock, Predicate<Claim> mine) {
    Claim owner = lock.owner();
    return (owner != null && mine.test(owner)) || lock.waiting().stream().anyMatch(mine);
  }

  private LockRecord join(LockRecord lock, Claim claim) {
    if (lock.waiting().size() >= MOST_WAITING) {
      throw new ApiException(
          Problem.Code.CONFLICT,
          "%,d steps wait for the lock '%s' already.".formatted(MOST_WAITING, lock.name()),
          "Try again when fewer do.");
    }
    LockRecord longer = lock.joined(claim);
    return keep(lock.owner() == null ? passedOn(longer) : longer);
  }

  private LockRecord passedOn(LockRecord lock) {
    return lock.passedOn(storage.next(GRANTS), clock.instant());
  }

  private static LockAnswer answer(LockRecord lock, Predicate<Claim> mine) {
    Claim owner = lock.owner();
    if (owner != null && mine.test(owner)) {
      return new LockAnswer(true, owner.grant(), null, 0);
    }
    int ahead = 0;
    while (!mine.test(lock.waiting().get(ahead))) {
      ahead++;
    }
    return new LockAnswer(false, 0, owner == null ? null : owner.run().toString(), ahead);
  }

  /** Writes a lock, then shows it. */
  private LockRecord keep(LockRecord lock) {
    if (lock.isIdle()) {
      shelf.remove(List.of(lock.name()));
      known.remove(lock.name());
    } else {
      shelf.put(lock.name(), lock);
      known.put(lock.name(), lock);
    }
    return lock;
  }

  /**
   * Takes away the claims that are {@code gone} and passes the lock on if its owner is among them;
   * gives the new owner, who must be told. The caller holds the guard.
   */
  private @Nullable Claim settle(String name, Predicate<Claim> gone) {
    LockRecord lock = known.get(name);
    if (lock == null || !isIn(lock, gone)) {
      return null;
    }
    LockRecord left = lock.without(gone);
    if (left.owner() != null || left.waiting().isEmpty()) {
      LockRecord unused = keep(left);
      return null;
    }
    LockRecord alive = left.without(claim -> !isAlive(claim));
    return keep(alive.waiting().isEmpty() ? alive : passedOn(alive)).owner();
  }

  private boolean isAlive(Claim claim) {
    return runs.inAttempt(claim.run(), claim.attempt()).isPresent();
  }

  /** Tells a new owner; if that fails, the sweep does it. */
  private void tell(@Nullable Claim owner) {
    if (owner == null) {
      return;
    }
    try {
      answers.give(
          owner.run(),
          owner.attempt(),
          new Answer(
              owner.key(),
              Answer.Verdict.GRANTED,
              null,
              null,
              owner.since(),
              Map.of("grant", Long.toString(owner.grant()))));
    } catch (ApiException | StoreException e) {
      log.atInfo().addKeyValue("run", owner.run()).setCause(e).log("Could not tell of a lock yet");
    }
  }

  private void release(String name, Predicate<Claim> gone) {
    @Nullable Claim next;
    synchronized (guard(name)) {
      next = settle(name, gone);
    }
    tell(next);
  }

  /** Gives a lock back, or the place in its line; nothing happens without either. */
  public void release(RunId id, LockRequest wish) {
    RunRecord run = runs.record(id);
    RunChecks.fence(run, wish.fence());
    int attempt = run.attempt().number();
    release(name(run, wish), claim -> claim.isOf(id, attempt, wish.key()));
  }

  /**
   * Takes a lock from its owner, whatever that does now, in favour of the next in the line.
   *
   * @throws ApiException NOT_FOUND if nobody holds it
   */
  public LockView takeAway(String name, String by) {
    LockRecord lock = known.get(name);
    Claim owner = lock == null ? null : lock.owner();
    if (owner == null) {
      throw new ApiException(
          Problem.Code.NOT_FOUND, "Nobody holds the lock '" + Limits.shorten(name, 80) + "'.");
    }
    release(name, claim -> claim.equals(owner));
    log.atInfo()
        .addKeyValue("lock", name)
        .addKeyValue("run", owner.run())
        .addKeyValue("by", by)
        .log("Lock was taken from its owner");
    return known.getOrDefault(name, new LockRecord(name, null, List.of())).view();
  }

  /** The end of an attempt gives back everything it holds or wants. */
  @Override
  public void runChanged(@Nullable RunRecord before, RunRecord after) {
    boolean ended = after.over() && (before == null || !before.over());
    boolean another = before != null && before.attempt().number() != after.attempt().number();
    if (!ended && !another) {
      return;
    }
    Predicate<Claim> gone =
        claim ->
            claim.run().equals(after.id())
                && (after.over() || claim.attempt() != after.attempt().number());
    for (LockRecord lock : known.values()) {
      if (isIn(lock, gone)) {
        try {
          release(lock.name(), gone);
        } catch (StoreException e) {
          log.atWarn().addKeyValue("lock", lock.name()).setCause(e).log("Lock is given back later");
        }
      }
    }
  }

  /** Frees what dead runs hold and tells owners that do not know. To be called now and then. */
  public void sweep() {
    for (LockRecord lock : known.values()) {
      release(lock.name(), claim -> !isAlive(claim));
      LockRecord now = known.get(lock.name());
      Claim owner = now == null ? null : now.owner();
      if (owner != null
          && runs.inAttempt(owner.run(), owner.attempt())
              .filter(run -> LiveRuns.isWaiting(run, owner.key()))
              .isPresent()) {
        tell(owner);
      }
    }
  }

  @Override
  public void pipelineChanged(PipelineName pipeline) {
    // Locks belong to runs.
  }

  @Override
  public void logGrew(RunId run, StepPath step, long length, long count) {
    // Output frees no lock.
  }
}
