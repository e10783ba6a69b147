package dev.pipewright.state.http;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.UrlText;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.LogTime;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.TokenSelf;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Artifact;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.state.UseCases;
import dev.pipewright.state.store.LogKey;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The routes of logs, artifacts and blobs. */
final class FileEndpoints {
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d{1,18})?-(\\d{1,18})?");
  private static final int MOST_TIMES = 10_000;
  private static final String BYTES = "application/octet-stream";

  private final UseCases cases;

  FileEndpoints(UseCases cases) {
    this.cases = cases;
  }

  List<Endpoint> all() {
    return List.of(
        Endpoint.get("/runs/:run/logs/*", this::log),
        Endpoint.get("/runs/:run/times/*", this::times),
        Endpoint.get("/runs/:run/artifacts/*", this::artifact),
        Endpoint.get("/blobs/:digest", Need.BLOB, this::blob),
        new Endpoint("PUT", "/blobs/:digest", Need.BLOB, Endpoint.STREAMED, this::store));
  }

  /** The log that is asked for; NOT_FOUND if there is neither output nor such a step. */
  private LogKey wanted(Call call) {
    StepPath step = new StepPath(call.rest(3));
    RunSnapshot run = cases.runs().snapshot(call.run());
    int attempt = Math.clamp(call.number("attempt", run.attempt()), 1, Integer.MAX_VALUE);
    LogKey log = new LogKey(run.id(), attempt, step);
    if (cases.logs().length(log) == 0 && !hasStep(run, attempt, step)) {
      throw new ApiException(
          Problem.Code.NOT_FOUND, "The run " + run.id() + " has no step '" + step + "'.");
    }
    return log;
  }

  private Reply times(Call call) {
    LogKey log = wanted(call);
    long from = Math.max(0, call.number("from", 0));
    int limit = Math.clamp(call.limit(MOST_TIMES), 1, MOST_TIMES);
    List<LogTime> found = cases.logs().times(log, from, limit + 1);
    boolean more = found.size() > limit;
    List<LogTime> items = more ? found.subList(0, limit) : found;
    return Reply.ok(new Page<>(items, more ? Long.toString(found.getLast().offset()) : null));
  }

  private Reply log(Call call) {
    LogKey log = wanted(call);
    long length = cases.logs().length(log);
    Map<String, String> headers = new HashMap<>();
    headers.put("Pipewright-Log-Length", Long.toString(length));
    headers.put("Accept-Ranges", "bytes");
    headers.put("Cache-Control", "no-cache");
    long from = Math.clamp(call.number("offset", 0), 0, length);
    long until = Math.min(length, from + Math.clamp(call.number("limit", length), 0, length));
    int status = 200;
    Matcher range = RANGE.matcher(call.headers().getOrDefault("range", ""));
    if (range.matches() && (range.group(1) != null || range.group(2) != null)) {
      from = rangeStart(range, length);
      until = rangeEnd(range, length);
      if (from >= until) {
        headers.put("Content-Range", "bytes */" + length);
        Problem problem =
            new Problem(
                416,
                "range-not-satisfiable",
                "The output has %,d bytes so far.".formatted(length),
                "Ask for a range within them.");
        return new Reply.Whole(416, Problems.MEDIA, Json.bytes(problem), headers);
      }
      headers.put("Content-Range", "bytes %d-%d/%d".formatted(from, until - 1, length));
      status = 206;
    }
    InputStream content = new LogStream(cases.logs(), log, from, until);
    return new Reply.Streamed(status, "text/plain; charset=utf-8", until - from, content, headers);
  }

  private boolean hasStep(RunSnapshot run, int attempt, StepPath step) {
    RunSnapshot shown = attempt == run.attempt() ? run : cases.runs().attempt(run.id(), attempt);
    return shown.steps().stream().anyMatch(known -> known.path().equals(step));
  }

  private static long rangeStart(Matcher range, long length) {
    return range.group(1) == null
        ? Math.max(0, length - Long.parseLong(range.group(2)))
        : Long.parseLong(range.group(1));
  }

  private static long rangeEnd(Matcher range, long length) {
    return range.group(1) == null || range.group(2) == null
        ? length
        : Math.min(length, Long.parseLong(range.group(2)) + 1);
  }

  private Reply artifact(Call call) {
    Artifact artifact = cases.runs().artifact(call.run(), call.rest(3));
    String name = artifact.path().substring(artifact.path().lastIndexOf('/') + 1);
    String encoded = UrlText.encoded(name);
    return opened(
        artifact.digest(),
        Map.of(
            "Content-Disposition",
            "attachment; filename*=UTF-8''" + encoded,
            "Content-Security-Policy",
            "sandbox"));
  }

  private Reply blob(Call call) {
    BlobDigest digest = new BlobDigest(call.segment(1));
    TokenSelf self = call.identity() == null ? null : call.identity().self();
    if (self != null && self.run() != null && !mayRead(self.run(), digest)) {
      throw new ApiException(
          Problem.Code.FORBIDDEN, "The run " + self.run() + " has nothing to do with this blob.");
    }
    return opened(digest, Map.of());
  }

  /** Its code, its seed, what it kept itself, and the caches of its pipeline. */
  private boolean mayRead(RunId run, BlobDigest digest) {
    return cases.reports().mayRead(run, digest) || cases.services().caches().isOf(run, digest);
  }

  private Reply opened(BlobDigest digest, Map<String, String> headers) {
    Optional<Long> size = cases.services().blobs().size(digest);
    Optional<InputStream> content = cases.services().blobs().open(digest);
    if (size.isEmpty() || content.isEmpty()) {
      throw new ApiException(Problem.Code.NOT_FOUND, "There is no blob " + digest + ".");
    }
    return new Reply.Streamed(200, BYTES, size.get(), content.get(), headers);
  }

  private Reply store(Call call) throws IOException {
    BlobDigest digest = new BlobDigest(call.segment(1));
    TokenSelf self = call.identity() == null ? null : call.identity().self();
    boolean right =
        (self == null || self.run() == null)
            ? cases.services().blobs().put(digest, call.content())
            : cases.services().blobs().putFor(self.run(), call.fence(), digest, call.content());
    if (!right) {
      throw new ApiException(
          Problem.Code.MALFORMED,
          "The content is not what " + digest + " says.",
          "Send the bytes whose SHA-256 is in the address.");
    }
    return Reply.empty();
  }
}
