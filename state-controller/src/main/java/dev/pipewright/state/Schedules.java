package dev.pipewright.state;

import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.ManualStart;
import dev.pipewright.protocol.api.VersionAnswer;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.TriggerSpec;
import dev.pipewright.state.ScheduleRecord.Entry;
import dev.pipewright.state.store.Shelf;
import dev.pipewright.state.store.Storage;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cron triggers of the default branches, as the newest version that was asked for says, and
 * whether pull requests start anything, which others want to know. When the time of one has come, a
 * delivery is stored whose id is made of source, pipeline and time: it is planned like a webhook,
 * for what is then the head of the default branch. Times that passed while nobody looked give one
 * delivery, for the last of them. Thread-safe.
 */
final class Schedules {
  private static final Logger log = LoggerFactory.getLogger(Schedules.class);
  private static final String HEADS = "refs/heads/";
  private static final Duration LATE = Duration.ofMinutes(2);
  private static final int MOST_COUNTED = 1000;

  private final Shelf<ScheduleRecord> shelf;
  private final Sources sources;
  private final Deliveries deliveries;
  private final InstantSource clock;
  private final Map<SourceName, ScheduleRecord> known = new HashMap<>();

  /** The next time of each entry, so that it is worked out once. */
  private final Map<Entry, Optional<Instant>> upcoming = new HashMap<>();

  Schedules(Storage storage, Sources sources, Deliveries deliveries, InstantSource clock) {
    this.shelf = storage.shelf("schedules", ScheduleRecord.class);
    this.sources = sources;
    this.deliveries = deliveries;
    this.clock = clock;
    shelf.forEach((id, record) -> known.put(record.source(), record));
  }

  /**
   * Takes note of what a commit defines, if it is one of the default branch.
   *
   * @param head whether the head of the default branch was asked for
   * @param ask is called with the source if nobody knows its default branch and it matters
   */
  synchronized void learn(
      SourceName source, boolean head, VersionAnswer answer, Consumer<SourceName> ask) {
    String ref = answer.ref();
    if (answer.state() != VersionAnswer.State.READY || ref == null) {
      return;
    }
    ScheduleRecord before = known.get(source);
    List<Entry> now = entries(answer.plans(), before);
    boolean pulls = answer.plans().stream().anyMatch(Schedules::isStartedByPulls);
    String defaultRef = head ? ref : defaultRef(source, before);
    if (defaultRef == null) {
      if (!now.isEmpty() || pulls) {
        ask.accept(source);
      }
      return;
    }
    ScheduleRecord after = new ScheduleRecord(source, defaultRef, now, pulls);
    boolean nothing = before == null && now.isEmpty() && !pulls;
    if (ref.equals(defaultRef) && !nothing && !after.equals(before)) {
      keep(after);
    }
  }

  private static boolean isStartedByPulls(Plan plan) {
    return plan.triggers().stream().anyMatch(TriggerSpec.PullRequest.class::isInstance);
  }

  /** True if a pipeline of the default branch is known to be started by pull requests. */
  synchronized boolean isStartedByPulls(SourceName source) {
    ScheduleRecord record = known.get(source);
    return record != null && record.pulls();
  }

  private @Nullable String defaultRef(SourceName source, @Nullable ScheduleRecord before) {
    String configured = sources.defaultBranch(source);
    return configured != null ? HEADS + configured : before == null ? null : before.ref();
  }

  private List<Entry> entries(List<Plan> plans, @Nullable ScheduleRecord before) {
    Instant now = clock.instant();
    List<Entry> entries = new ArrayList<>();
    for (Plan plan : plans) {
      for (TriggerSpec trigger : plan.triggers()) {
        if (trigger instanceof TriggerSpec.Cron cron) {
          Entry fresh = new Entry(plan.pipeline(), cron.expression(), cron.zone(), now);
          entries.add(
              before == null
                  ? fresh
                  : before.entries().stream().filter(fresh::isSame).findFirst().orElse(fresh));
        }
      }
    }
    return entries;
  }

  private void keep(ScheduleRecord record) {
    shelf.put(record.source().value(), record);
    known.put(record.source(), record);
    upcoming.clear();
  }

  /** Stores a delivery for every trigger whose time has come. To be called every few seconds. */
  synchronized void sweep() {
    for (ScheduleRecord record : List.copyOf(known.values())) {
      try {
        List<Entry> entries = new ArrayList<>();
        record.entries().forEach(entry -> entries.add(passed(record.source(), entry)));
        ScheduleRecord after =
            new ScheduleRecord(record.source(), record.ref(), entries, record.pulls());
        if (!after.equals(record)) {
          keep(after);
        }
      } catch (RuntimeException e) {
        log.atWarn()
            .addKeyValue("source", record.source())
            .setCause(e)
            .log("Could not look after what the clock starts");
      }
    }
  }

  private Entry passed(SourceName source, Entry entry) {
    Instant now = clock.instant();
    Optional<Instant> next = upcoming.get(entry);
    if (next == null) {
      next = times(entry).flatMap(times -> times.next(entry.last()));
      upcoming.put(entry, next);
    }
    if (next.isEmpty() || next.get().isAfter(now)) {
      return entry;
    }
    Optional<CronTimes> times = times(entry);
    if (times.isEmpty()) {
      return entry;
    }
    Instant due = next.get();
    int missed = 0;
    Optional<Instant> later = times.get().next(due);
    while (missed < MOST_COUNTED && later.isPresent() && !later.get().isAfter(now)) {
      due = later.get();
      missed++;
      later = times.get().next(due);
    }
    due = missed < MOST_COUNTED ? due : latest(times.get(), due, now);
    fire(source, entry, due, missed);
    upcoming.remove(entry);
    return entry.at(due);
  }

  /** The last time up to {@code now}, found without going through all of them. */
  private static Instant latest(CronTimes times, Instant known, Instant now) {
    Instant latest = known;
    Duration back = Duration.ofMinutes(1);
    while (latest.equals(known) && now.minus(back).isAfter(known)) {
      latest = times.next(now.minus(back)).filter(time -> !time.isAfter(now)).orElse(known);
      back = back.multipliedBy(2);
    }
    Optional<Instant> next = times.next(latest);
    while (next.isPresent() && !next.get().isAfter(now)) {
      latest = next.get();
      next = times.next(latest);
    }
    return latest;
  }

  private static Optional<CronTimes> times(Entry entry) {
    try {
      return Optional.of(CronTimes.of(entry.expression(), ZoneId.of(entry.zone())));
    } catch (IllegalArgumentException | DateTimeException e) {
      log.atWarn().addKeyValue("pipeline", entry.pipeline()).setCause(e).log("Cron is passed over");
      return Optional.empty();
    }
  }

  private void fire(SourceName source, Entry entry, Instant due, int missed) {
    String zone = entry.zone().equals("UTC") ? "" : " " + entry.zone();
    boolean late = due.plus(LATE).isBefore(clock.instant());
    String why =
        "cron %s%s, due %s%s%s"
            .formatted(
                entry.expression(),
                zone,
                due,
                late ? ", caught up with after the server was away" : "",
                missed == 0
                    ? ""
                    : "; earlier times that were missed: "
                        + (missed < MOST_COUNTED ? missed : "more than " + MOST_COUNTED));
    String id = DeliveryLimits.id(source, "cron|%s|%s".formatted(entry.pipeline(), due));
    ManualStart wish =
        new ManualStart(entry.pipeline(), source, null, null, Map.of(), null, why, null);
    deliveries.startAt(id, wish, why);
    log.atInfo()
        .addKeyValue("source", source)
        .addKeyValue("pipeline", entry.pipeline())
        .addKeyValue("due", due)
        .log("The time of a pipeline has come");
  }
}
