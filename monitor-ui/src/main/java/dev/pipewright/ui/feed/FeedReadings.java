package dev.pipewright.ui.feed;

import dev.pipewright.ui.feed.FeedState.Tile;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads feeds again and again while somebody looks: a feed nobody asked for during a minute is left
 * alone until somebody does. All walls share one reading of each feed. Thread-safe.
 */
public final class FeedReadings implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FeedReadings.class);
  private static final Duration WANTED = Duration.ofMinutes(1);

  private final InstantSource clock;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<FeedSpec, Reading> readings = new ConcurrentHashMap<>();

  /** Readings by this clock; none is begun before a feed is asked for. */
  public FeedReadings(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * The feeds as last read, in the given order; those not read yet have neither tiles nor problem.
   */
  public List<FeedState> states(List<FeedSpec> feeds) {
    return feeds.stream().map(this::state).toList();
  }

  private FeedState state(FeedSpec feed) {
    Reading reading = readings.computeIfAbsent(feed, Reading::new);
    reading.want();
    return reading.state;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  /** One feed; read by one thread at a time. */
  private final class Reading {
    private final FeedSpec spec;
    private final Instant begun = clock.instant();
    private volatile Instant wantedUntil = Instant.EPOCH;
    private volatile FeedState state;
    private boolean running;

    private Reading(FeedSpec spec) {
      this.spec = spec;
      this.state = new FeedState(spec.name(), List.of(), null, null, null, spec.seconds());
    }

    private synchronized void want() {
      wantedUntil = clock.instant().plus(WANTED);
      if (!running) {
        running = true;
        threads.execute(this::run);
      }
    }

    /** True if nobody looks any more; then the reading has ended. */
    private synchronized boolean ends() {
      if (clock.instant().isBefore(wantedUntil)) {
        return false;
      }
      running = false;
      readings.remove(spec, this);
      return true;
    }

    private void run() {
      try {
        while (!ends()) {
          try (FeedClient client = new FeedClient(spec, threads)) {
            while (clock.instant().isBefore(wantedUntil)) {
              state = read(client);
              Thread.sleep(Duration.ofSeconds(spec.seconds()));
            }
          } catch (FeedException | RuntimeException e) {
            // Whatever nobody thought of is loud, too, and no reason to read the feed no more.
            state = failed(FeedClient.because(e));
            Thread.sleep(Duration.ofSeconds(spec.seconds()));
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private FeedState read(FeedClient client) throws InterruptedException {
      try {
        List<FeedProject> projects = client.read();
        Instant now = clock.instant();
        if (state.problem() != null) {
          LOG.atInfo().addKeyValue("feed", spec).log("Feed is read again");
        }
        List<Tile> tiles = tiles(state.tiles(), projects, now);
        return new FeedState(spec.name(), tiles, null, null, now, spec.seconds());
      } catch (FeedException e) {
        return failed(e);
      }
    }

    private FeedState failed(FeedException fault) {
      FeedState last = state;
      if (!Objects.equals(last.problem(), fault.getMessage())) {
        LOG.atWarn()
            .addKeyValue("feed", spec)
            .addKeyValue("problem", fault.getMessage())
            .log("Feed cannot be read");
      }
      Instant since = last.readAt() == null ? begun : last.readAt();
      return new FeedState(
          spec.name(), last.tiles(), fault.getMessage(), since, last.readAt(), spec.seconds());
    }
  }

  /**
   * The projects with what only comparing them with the reading before tells: since when they have
   * their result, and since when they are at work. Of projects of the same name the first counts.
   */
  static List<Tile> tiles(List<Tile> before, List<FeedProject> projects, Instant now) {
    Map<String, Tile> known = new HashMap<>();
    before.forEach(tile -> known.put(tile.name(), tile));
    Set<String> names = new HashSet<>();
    return projects.stream()
        .filter(project -> names.add(project.name()))
        .map(project -> tile(known.get(project.name()), project, now))
        .toList();
  }

  private static Tile tile(@Nullable Tile before, FeedProject project, Instant now) {
    Instant since =
        before != null && before.outcome() == project.outcome()
            ? before.since()
            : project.finishedAt();
    Instant working = before == null ? null : before.buildingSince();
    return new Tile(
        project.name(),
        project.outcome(),
        since == null ? now : since,
        project.finishedAt(),
        project.building() ? (working == null ? now : working) : null,
        project.label(),
        project.url(),
        project.breakers());
  }
}
