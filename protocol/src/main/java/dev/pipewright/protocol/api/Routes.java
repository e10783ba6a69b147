package dev.pipewright.protocol.api;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;

/** The paths of the HTTP API; {@code docs/protocol.md} tells what each one does. */
public final class Routes {
  public static final String API = "/api/v1";
  public static final String SOURCES = API + "/sources";
  public static final String DELIVERIES = API + "/deliveries";
  public static final String DELIVERIES_CLAIM = DELIVERIES + "/claim";
  public static final String STARTS = API + "/starts";
  public static final String VERSIONS = API + "/versions";
  public static final String VERSIONS_RESOLVE = API + "/version-requests";
  public static final String VERSIONS_CLAIM = VERSIONS_RESOLVE + "/claim";
  public static final String VERSIONS_RENEW = VERSIONS_RESOLVE + "/renew";
  public static final String VERSIONS_RESOLVED = VERSIONS_RESOLVE + "/resolved";
  public static final String IMAGES_RESOLVE = API + "/image-requests";
  public static final String IMAGES_CLAIM = IMAGES_RESOLVE + "/claim";
  public static final String IMAGES_RENEW = IMAGES_RESOLVE + "/renew";
  public static final String IMAGES_RESOLVED = IMAGES_RESOLVE + "/resolved";
  public static final String IMAGES_KEPT = API + "/images/kept";
  public static final String LOOKS_CLAIM = API + "/looks/claim";
  public static final String LOOKS_DONE = API + "/looks/done";
  public static final String PIPELINES = API + "/pipelines";
  public static final String RUNS = API + "/runs";
  public static final String RUNS_CLAIM = RUNS + "/claim";
  public static final String RUNS_CLAIMED = RUNS + "/claimed";
  public static final String PINS = API + "/pins";
  public static final String SECRETS = API + "/secrets";
  public static final String LOCKS = API + "/locks";
  public static final String SIDES_CLAIM = API + "/sides/claim";
  public static final String POOLS = API + "/pools";
  public static final String OUTBOX = API + "/outbox";
  public static final String OUTBOX_CLAIM = OUTBOX + "/claim";
  public static final String BLOBS = API + "/blobs";
  public static final String STREAM = API + "/stream";
  public static final String TOKEN_SELF = API + "/token";
  public static final String TOKENS = API + "/tokens";
  public static final String SESSION = API + "/session";
  public static final String SIGN_IN = API + "/sign-in";
  public static final String AUDIT = API + "/audit";
  public static final String BACKUP = API + "/backup";
  public static final String OPENAPI = "/api/openapi.json";
  public static final String CCTRAY = "/cctray.xml";
  public static final String HOOKS = "/hooks";
  public static final String GIT = "/git";

  /** The cookie that holds the secret of a browser's session. */
  public static final String SESSION_COOKIE = "pipewright_session";

  /**
   * The header by which a page of this server says that it calls. A browser sends it to another
   * site only if that site agrees beforehand, which we never do.
   */
  public static final String PAGE_HEADER = "Pipewright-Page";

  private Routes() {}

  /** One run; {@code action} such as {@code events} is appended if it is not empty. */
  public static String run(RunId run, String action) {
    return RUNS + "/" + run.urlSegment() + (action.isEmpty() ? "" : "/" + action);
  }

  /** The output of one step. */
  public static String log(RunId run, StepPath step) {
    return run(run, "logs") + "/" + step.urlSegments();
  }

  /** When the output of one step was printed. */
  public static String times(RunId run, StepPath step) {
    return run(run, "times") + "/" + step.urlSegments();
  }

  /** One blob. */
  public static String blob(BlobDigest digest) {
    return BLOBS + "/" + digest.value();
  }
}
