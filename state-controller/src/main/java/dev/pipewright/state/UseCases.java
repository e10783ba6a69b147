package dev.pipewright.state;

import static java.util.stream.Collectors.toSet;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.ImagesKept;
import dev.pipewright.protocol.api.PipelineView;
import dev.pipewright.state.outbox.NotificationRules;
import dev.pipewright.state.store.LogStore;
import dev.pipewright.state.store.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All use cases over one storage. Made at start, which reads everything that is not over and mends
 * what a crash left.
 */
public final class UseCases {
  private final Storage storage;
  private final InstantSource clock;
  private final KeepRule keep;
  private final RunBook book;
  private final Sources sources;
  private final StatusTargets statusTargets;
  private final Announcements announcements;
  private final Pipelines pipelines;
  private final Runs runs;
  private final RunQueue queue;
  private final RunReports reports;
  private final RunAnswers answers;
  private final Deliveries deliveries;
  private final Schedules schedules;
  private final Reconciler reconciler;
  private final Versions versions;
  private final Images images;
  private final Pools pools;
  private final Tokens tokens;
  private final Audit audit;
  private final RunServices services;
  private final Superseding superseding;
  private final Retention retention;

  /**
   * Reads the state.
   *
   * @throws IOException if the data folder cannot be used
   * @throws SchemaException if a newer program has written the store
   */
  public UseCases(StateConfig config, Storage storage, InstantSource clock) throws IOException {
    Files.createDirectories(config.data());
    Schema.migrate(storage);
    this.storage = storage;
    this.clock = clock;
    this.keep = config.keep();
    SecretBox box = SecretBox.open(config.masterKeys(), config.data().resolve("master.key"));
    this.sources = new Sources(storage, box, clock);
    this.statusTargets = new StatusTargets(storage, box, sources);
    this.announcements = announcements(config);
    this.pipelines = new Pipelines(storage, sources::defaultBranch, announcements);
    this.book = new RunBook(storage, pipelines, announcements, config.mostRuns(), clock);
    RunTokens runTokens = new RunTokens();
    this.answers = new RunAnswers(book, storage.logs(), clock);
    this.deliveries = new Deliveries(storage, sources, pipelines, clock);
    this.schedules = new Schedules(storage, sources, deliveries, clock);
    this.reconciler =
        new Reconciler(
            storage,
            sources,
            deliveries,
            schedules::isStartedByPulls,
            config.reconcileEvery(),
            clock);
    this.services =
        new RunServices(
            new RunServices.Ground(storage, box, book, sources, pipelines, deliveries, clock),
            answers::give);
    this.runs = new Runs(book, pipelines, sources, storage.logs(), services.admission(), clock);
    this.queue = new RunQueue(book, runTokens, clock);
    this.reports = new RunReports(book, storage.logs(), services.masks(), clock);
    this.versions =
        new Versions(
            storage,
            sources,
            schedules,
            new RejectedCode(book, pipelines, announcements),
            services.bundles(),
            clock);
    this.images = new Images(clock);
    this.pools = new Pools(clock);
    this.tokens = new Tokens(storage, runTokens, book, config, clock);
    this.audit = new Audit(storage, clock);
    this.superseding = new Superseding(book, pipelines, new ChangeOrder(deliveries), clock);
    this.retention = new Retention(storage, book, pipelines, services, config, clock);
    superseding.sweep();
    book.listen(superseding);
  }

  private Announcements announcements(StateConfig config) {
    Path rules = config.data().resolve("notifications.json");
    return new Announcements(
        storage,
        statusTargets,
        new NotificationRules(rules, System::getenv, clock),
        config.publicUrl(),
        clock);
  }

  /** From now on {@code listener} is told of every change. */
  public void listen(RunListener listener) {
    book.listen(listener);
  }

  /**
   * A person is on a broken pipeline, or ({@code on} false) nobody is any more.
   *
   * @throws ApiException NOT_FOUND if there is no such pipeline, CONFLICT if it is not broken
   */
  public PipelineView mend(PipelineName pipeline, String person, boolean on) {
    pipelines.mend(pipeline, on ? person : null, clock.instant());
    book.tellPipeline(pipeline);
    return pipelines.view(pipeline);
  }

  /** What is to be done every few seconds. */
  public void sweep() {
    queue.sweep();
    superseding.sweep();
    deliveries.sweep();
    reconciler.sweep();
    versions.sweep();
    schedules.sweep();
    images.sweep();
    announcements.sweep();
    services.sweep();
    tokens.sweep();
    retention.sweep();
    forgetOld();
  }

  /** What is over of deliveries and messages is kept as long as runs are, besides by number. */
  private void forgetOld() {
    if (!keep.age().isZero()) {
      Instant moment = clock.instant().minus(keep.age());
      deliveries.forgetBefore(moment);
      announcements.forgetBefore(moment);
    }
  }

  /** How many runs are being worked on. */
  public long running() {
    return count(Set.of(RunState.CLAIMED, RunState.LAUNCHED, RunState.RUNNING));
  }

  /** How many runs wait for somebody outside. */
  public long waiting() {
    return count(Set.of(RunState.WAITING));
  }

  private long count(Set<RunState> states) {
    return book.inMemory().stream().filter(entry -> states.contains(entry.record.state())).count();
  }

  public Sources sources() {
    return sources;
  }

  public StatusTargets statusTargets() {
    return statusTargets;
  }

  public Announcements announcements() {
    return announcements;
  }

  public Pipelines pipelines() {
    return pipelines;
  }

  public Runs runs() {
    return runs;
  }

  public RunQueue queue() {
    return queue;
  }

  public RunReports reports() {
    return reports;
  }

  public RunAnswers answers() {
    return answers;
  }

  public Deliveries deliveries() {
    return deliveries;
  }

  public Reconciler reconciler() {
    return reconciler;
  }

  public Versions versions() {
    return versions;
  }

  public Images images() {
    return images;
  }

  public Pools pools() {
    return pools;
  }

  /** The runtime images that the runs at hand are pinned to. */
  public ImagesKept imagesKept() {
    Stream<@Nullable String> live = book.inMemory().stream().map(entry -> entry.record.image());
    return new ImagesKept(
        Stream.concat(live, pipelines.images()).filter(Objects::nonNull).collect(toSet()));
  }

  public Tokens tokens() {
    return tokens;
  }

  public Audit audit() {
    return audit;
  }

  public LogStore logs() {
    return storage.logs();
  }

  public RunServices services() {
    return services;
  }

  public Retention retention() {
    return retention;
  }

  /** Throws if the store cannot be reached. */
  public void ping() {
    storage.ping();
  }
}
