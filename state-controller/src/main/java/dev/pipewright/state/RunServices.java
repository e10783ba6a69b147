package dev.pipewright.state;

import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.run.OpenWait;
import dev.pipewright.state.store.Storage;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What runs ask for while they go on. Thread-safe. */
public final class RunServices {
  private static final Logger log = LoggerFactory.getLogger(RunServices.class);

  private final Deliveries deliveries;
  private final LiveRuns live;
  private final RunMasks masks;
  private final Locks locks;
  private final Secrets secrets;
  private final Downstreams downstreams;
  private final Blobs blobs;
  private final Bundles bundles;
  private final Caches caches;
  private final TestReports tests;
  private final Sides sides;
  private final CommitApprovals approvals;

  /** What these use cases are made on. */
  record Ground(
      Storage storage,
      SecretBox box,
      RunBook book,
      Sources sources,
      Pipelines pipelines,
      Deliveries deliveries,
      InstantSource clock) {}

  RunServices(Ground on, AnswerGiver answers) {
    Storage storage = on.storage();
    InstantSource clock = on.clock();
    this.deliveries = on.deliveries();
    this.live = new LiveRuns(on.book());
    this.blobs = new Blobs(storage, live);
    this.bundles = new Bundles(storage, on.book(), on.pipelines(), blobs, clock);
    this.masks = new RunMasks(storage, on.box(), live, new ReportMask(blobs), clock);
    this.locks = new Locks(storage, live, answers, clock);
    this.secrets = new Secrets(storage, on.box(), on.sources(), live, masks, clock);
    this.downstreams =
        new Downstreams(storage, on.deliveries(), on.pipelines(), live, answers, clock);
    this.caches = new Caches(storage, blobs, live, clock);
    this.tests = new TestReports(on.book(), on.pipelines(), blobs);
    this.sides = new Sides(storage, live, clock);
    this.approvals =
        new CommitApprovals(
            storage, on.book(), on.sources(), new ChangeOrder(on.deliveries()), clock);
    List.of(locks, downstreams, blobs, sides, approvals).forEach(on.book()::listen);
  }

  /** Whether runs may begin, and how. */
  RunAdmission admission() {
    return new RunAdmission() {
      @Override
      public NewRun admitted(NewRun order) {
        return approvals.admitted(Reconciler.noted(downstreams.stamped(order), deliveries));
      }

      @Override
      public @Nullable OpenWait hold(NewRun order) {
        return approvals.hold(order);
      }

      @Override
      public @Nullable String refusal(NewRun order) {
        return secrets.refusal(order);
      }
    };
  }

  /** What is to be done every few seconds; what fails keeps nothing else from being done. */
  void sweep() {
    List<Runnable> all =
        List.of(
            locks::sweep,
            downstreams::sweep,
            caches::sweep,
            bundles::sweep,
            sides::sweep,
            masks::sweep,
            approvals::sweep);
    for (Runnable one : all) {
      try {
        one.run();
      } catch (RuntimeException e) {
        log.atWarn().setCause(e).log("Could not look after what runs ask for");
      }
    }
  }

  LiveRuns live() {
    return live;
  }

  RunMasks masks() {
    return masks;
  }

  Bundles bundles() {
    return bundles;
  }

  public Locks locks() {
    return locks;
  }

  public Secrets secrets() {
    return secrets;
  }

  public Downstreams downstreams() {
    return downstreams;
  }

  public Blobs blobs() {
    return blobs;
  }

  public Caches caches() {
    return caches;
  }

  public TestReports tests() {
    return tests;
  }

  public Sides sides() {
    return sides;
  }

  public CommitApprovals approvals() {
    return approvals;
  }
}
