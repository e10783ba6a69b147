package dev.pipewright.protocol.client;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.UrlText;
import dev.pipewright.protocol.api.ClaimRenewal;
import dev.pipewright.protocol.api.Claimed;
import dev.pipewright.protocol.api.Control;
import dev.pipewright.protocol.api.DeliveryAccepted;
import dev.pipewright.protocol.api.DeliveryDone;
import dev.pipewright.protocol.api.DeliveryReceipt;
import dev.pipewright.protocol.api.DeliveryWork;
import dev.pipewright.protocol.api.ImageAnswer;
import dev.pipewright.protocol.api.ImageRequest;
import dev.pipewright.protocol.api.ImageResolved;
import dev.pipewright.protocol.api.ImageWork;
import dev.pipewright.protocol.api.ImagesKept;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.api.LaunchReport;
import dev.pipewright.protocol.api.Lease;
import dev.pipewright.protocol.api.LookDone;
import dev.pipewright.protocol.api.LookWork;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.api.OutboxReport;
import dev.pipewright.protocol.api.OutboxWork;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.PipelineVersion;
import dev.pipewright.protocol.api.PoolReport;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.api.SideReport;
import dev.pipewright.protocol.api.SideWork;
import dev.pipewright.protocol.api.SourceView;
import dev.pipewright.protocol.api.SourceWithSecret;
import dev.pipewright.protocol.api.VersionAnswer;
import dev.pipewright.protocol.api.VersionRequest;
import dev.pipewright.protocol.api.VersionResolved;
import dev.pipewright.protocol.api.VersionWork;
import dev.pipewright.protocol.client.HttpTransport.Answer;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.RunSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a Spawner or a Builder says to the State-Controller, with its service token. Claims wait up
 * to a given time for work and hold a lease; everything may be repeated. Thread-safe.
 */
public final class WorkClient {
  private final HttpTransport http;
  private final String holder;

  /** A client for the instance named {@code holder}, which must stay the same over restarts. */
  public WorkClient(HttpTransport http, String holder) {
    this.http = http;
    this.holder = holder;
  }

  /** The registered repository {@code name} with its hook secret; throws NOT_FOUND if unknown. */
  public SourceWithSecret source(SourceName name) {
    return Json.read(
        http.get(Routes.SOURCES + "/" + name + "/secret").body(), SourceWithSecret.class);
  }

  /** Stores a delivery durably; the answer means it is on disk. */
  public DeliveryAccepted deliver(DeliveryReceipt receipt) {
    return Json.read(http.post(Routes.DELIVERIES, receipt).body(), DeliveryAccepted.class);
  }

  /** The oldest delivery that waits to be planned, if one comes within {@code wait}. */
  public Optional<DeliveryWork> claimDelivery(Duration wait) {
    return claim(Routes.DELIVERIES_CLAIM, wait, DeliveryWork.class);
  }

  /** Says that a claimed delivery is being worked on; throws FENCED if it was given away. */
  public void renewDelivery(String id, long fence) {
    http.post(Routes.DELIVERIES + "/" + UrlText.encoded(id) + "/lease", new Lease(fence));
  }

  /** Tells what became of a claimed delivery. */
  public void finishDelivery(String id, DeliveryDone done) {
    http.post(Routes.DELIVERIES + "/" + UrlText.encoded(id) + "/done", done);
  }

  /** Asks which pipelines a commit defines, and waits up to {@code wait} for the answer. */
  public VersionAnswer resolveVersion(VersionRequest request, Duration wait) {
    return Json.read(
        http.post(Routes.VERSIONS_RESOLVE + waiting(wait), request, wait).body(),
        VersionAnswer.class);
  }

  /** The oldest unanswered version request, if one comes within {@code wait}. */
  public Optional<VersionWork> claimVersion(Duration wait) {
    return claim(Routes.VERSIONS_CLAIM, wait, VersionWork.class);
  }

  /** Holds a claimed version request on; throws FENCED if it is not ours any more. */
  public void renewVersion(VersionWork work) {
    http.post(Routes.VERSIONS_RENEW, new ClaimRenewal(work.id(), work.fence()));
  }

  /** Answers a claimed version request. */
  public void versionResolved(VersionResolved resolved) {
    http.post(Routes.VERSIONS_RESOLVED, resolved);
  }

  /** The version with this key, if it was built. */
  public Optional<PipelineVersion> version(String key) {
    Answer answer = http.get(Routes.VERSIONS + "/" + UrlText.encoded(key));
    return answer.isEmpty()
        ? Optional.empty()
        : Optional.of(Json.read(answer.body(), PipelineVersion.class));
  }

  /** Stores a built version. */
  public void store(PipelineVersion version) {
    http.post(Routes.VERSIONS, version);
  }

  /** Asks for the runtime image of a base image, and waits up to {@code wait} for the answer. */
  public ImageAnswer resolveImage(ImageRequest request, Duration wait) {
    return Json.read(
        http.post(Routes.IMAGES_RESOLVE + waiting(wait), request, wait).body(), ImageAnswer.class);
  }

  /** The oldest unanswered image request, if one comes within {@code wait}. */
  public Optional<ImageWork> claimImage(Duration wait) {
    return claim(Routes.IMAGES_CLAIM, wait, ImageWork.class);
  }

  /** Holds a claimed image request on; throws FENCED if it is not ours any more. */
  public void renewImage(ImageWork work) {
    http.post(Routes.IMAGES_RENEW, new ClaimRenewal(work.base(), work.fence()));
  }

  /** The runtime images that must not be removed. */
  public ImagesKept imagesKept() {
    return Json.read(http.get(Routes.IMAGES_KEPT).body(), ImagesKept.class);
  }

  /** All registered sources. */
  public List<SourceView> sources() {
    return Json.read(http.get(Routes.SOURCES).body(), new Json.Generic<Page<SourceView>>() {})
        .items();
  }

  /** Answers a claimed image request. */
  public void imageResolved(ImageResolved resolved) {
    http.post(Routes.IMAGES_RESOLVED, resolved);
  }

  /** The next source whose refs are to be listed, if one is due within {@code wait}. */
  public Optional<LookWork> claimLook(Duration wait) {
    return claim(Routes.LOOKS_CLAIM, wait, LookWork.class);
  }

  /** Tells what a claimed look has found. */
  public void lookDone(LookDone done) {
    http.post(Routes.LOOKS_DONE, done);
  }

  /** Queues a run, or finds the one with the same key. */
  public RunSnapshot create(NewRun run) {
    return Json.read(http.post(Routes.RUNS, run).body(), RunSnapshot.class);
  }

  /** The run as it stands. */
  public RunSnapshot run(RunId run) {
    return Json.read(http.get(Routes.run(run, "")).body(), RunSnapshot.class);
  }

  /** The run as it stands once it is newer than {@code version} or {@code wait} has passed. */
  public RunSnapshot awaitRun(RunId run, long version, Duration wait) {
    String query = "?after=%d&wait=%d".formatted(version, wait.toMillis());
    return Json.read(http.get(Routes.run(run, "") + query, wait).body(), RunSnapshot.class);
  }

  /** The next queued run, if one comes within {@code wait}. */
  public Optional<LaunchOrder> claimRun(Duration wait) {
    return claim(Routes.RUNS_CLAIM, wait, LaunchOrder.class);
  }

  /** The runs this instance holds, for finding its way after a restart. */
  public List<Claimed> claimed() {
    return Json.read(
        http.get(Routes.RUNS_CLAIMED + "?holder=" + UrlText.encoded(holder)).body(),
        new Json.Generic<List<Claimed>>() {});
  }

  /** Tells that the unit of a claimed run was started. */
  public void launched(RunId run, LaunchReport report) {
    http.post(Routes.run(run, "launched"), report);
  }

  /** Tells that the unit of a claimed run has ended. */
  public void ended(RunId run, LaunchEnd end) {
    http.post(Routes.run(run, "ended"), end);
  }

  /** Gives a claimed run back to the queue; only possible before its engine began. */
  public void requeue(RunId run, Lease lease) {
    http.post(Routes.run(run, "requeue"), lease);
  }

  /** Says that the unit of a run lives, and learns what is wanted of it. */
  public Control renew(RunId run, Lease lease) {
    return Json.read(http.post(Routes.run(run, "lease"), lease).body(), Control.class);
  }

  /**
   * What is to be done about containers beside the engines this instance holds, if something comes
   * within {@code wait}.
   */
  public Optional<SideWork> claimSide(Duration wait) {
    return claim(Routes.SIDES_CLAIM, wait, SideWork.class);
  }

  /** Tells how a container beside the engine of a run stands. */
  public void sideReported(RunId run, SideReport report) {
    http.post(Routes.run(run, "sides/reported"), report);
  }

  /** Tells how the engines stand that were started ahead of need. */
  public void poolReported(PoolReport report) {
    http.post(Routes.POOLS, report);
  }

  /** A message to send, if one comes within {@code wait}. */
  public Optional<OutboxWork> claimMessage(Duration wait) {
    return claim(Routes.OUTBOX_CLAIM, wait, OutboxWork.class);
  }

  /** Tells what came of a claimed message. */
  public void messageReported(String id, OutboxReport report) {
    http.post(Routes.OUTBOX + "/" + UrlText.encoded(id) + "/done", report);
  }

  /** The bytes of a blob. */
  public byte[] blob(BlobDigest digest) {
    return http.get(Routes.blob(digest)).body();
  }

  /** Stores a blob under its content address. */
  public BlobDigest store(byte[] content) {
    BlobDigest digest = BlobDigest.of(content);
    http.putBytes(Routes.blob(digest), content);
    return digest;
  }

  private <T> Optional<T> claim(String path, Duration wait, Class<T> type) {
    Answer answer =
        http.post(path + waiting(wait) + "&holder=" + UrlText.encoded(holder), new Object[0], wait);
    return answer.isEmpty() ? Optional.empty() : Optional.of(Json.read(answer.body(), type));
  }

  private static String waiting(Duration wait) {
    return "?wait=" + wait.toMillis();
  }
}
