package dev.pipewright.ui.http;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.DeliveryState;
import dev.pipewright.protocol.api.DeliveryView;
import dev.pipewright.protocol.api.ForeignPolicy;
import dev.pipewright.protocol.api.OutboxView;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.SecretSpec;
import dev.pipewright.protocol.api.SecretView;
import dev.pipewright.protocol.api.SourceSpec;
import dev.pipewright.protocol.api.SourceView;
import dev.pipewright.protocol.api.StatusSpec;
import dev.pipewright.protocol.api.StatusView;
import dev.pipewright.protocol.json.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** What administrators set: secrets, sources, messages. Thread-safe. */
final class CannedSettings {
  /** By name and source. */
  final Map<String, SecretView> secrets = new ConcurrentSkipListMap<>();

  final List<OutboxView> outbox = new CopyOnWriteArrayList<>();

  /** Of people and programs, by name, as the API shows them. */
  final Map<String, Map<String, Object>> tokens = new ConcurrentSkipListMap<>();

  /** Entries of the audit log, as the API shows them. */
  final List<Map<String, Object>> audit = new CopyOnWriteArrayList<>();

  /** Where the statuses of sources go, by their names. */
  final Map<String, StatusView> statuses = new ConcurrentHashMap<>();

  private final CannedServer server;

  CannedSettings(CannedServer server) {
    this.server = server;
  }

  SecretView setSecret(Buffer body) {
    SecretSpec spec = Json.read(body.getBytes(), SecretSpec.class);
    Instant now = InstantSource.system().instant();
    SecretView view = new SecretView(spec.name(), spec.source(), "Ada Lovelace", now, null, null);
    secrets.put(key(spec.name(), String.valueOf(spec.source())), view);
    return view;
  }

  boolean removeSecret(String name, @Nullable String source) {
    return secrets.remove(key(name, String.valueOf(source))) != null;
  }

  private static String key(String name, String source) {
    return name + " " + source;
  }

  Map<String, Object> addToken(Buffer body) {
    JsonObject spec = body.toJsonObject();
    token(spec.getString("name"), spec.getString("role"), spec.getString("expires"));
    return Map.of("view", tokens.get(spec.getString("name")), "token", "pw_usr_sesame");
  }

  private void token(String name, String role, @Nullable String expires) {
    Map<String, Object> view = new HashMap<>();
    view.put("name", name);
    view.put("role", role);
    view.put("madeBy", "Ada Lovelace");
    view.put("madeAt", InstantSource.system().instant().toString());
    view.put("expires", expires);
    view.put("used", null);
    tokens.put(name, view);
  }

  void audit(String who, String what, String target, int status) {
    audit.addFirst(
        Map.of(
            "id",
            audit.size(),
            "at",
            InstantSource.system().instant().toString(),
            "who",
            who,
            "as",
            "OPERATOR",
            "what",
            what,
            "target",
            target,
            "status",
            status,
            "from",
            "192.0.2.7"));
  }

  SourceView addSource(Buffer body) {
    SourceSpec spec = Json.read(body.getBytes(), SourceSpec.class);
    SourceView view =
        new SourceView(
            spec.name(),
            spec.url(),
            Objects.requireNonNullElse(spec.forge(), "plain-git"),
            Objects.requireNonNullElse(spec.folder(), ".pipewright"),
            spec.defaultBranch(),
            spec.secret() != null,
            InstantSource.system().instant(),
            ForeignPolicy.HOLD);
    server.sources.removeIf(known -> known.name().equals(view.name()));
    server.sources.add(view);
    return view;
  }

  /** As the real server does, for a forge that is told nothing. */
  StatusView setStatuses(String name, Buffer body) {
    StatusSpec spec = Json.read(body.getBytes(), StatusSpec.class);
    if (spec.token().indexOf(' ') >= 0) {
      throw new ApiException(
          Problem.Code.MALFORMED, "A token has 1 to 1,000 printable characters and no blanks.");
    }
    URI api = URI.create(Objects.requireNonNullElse(spec.api(), "https://git.example/api/v4"));
    StatusView view = new StatusView(new SourceName(name), "gitlab", api, "team/" + name);
    statuses.put(name, view);
    return view;
  }

  OutboxView retry(String id) {
    OutboxView old = outbox.stream().filter(known -> known.id().equals(id)).findAny().orElseThrow();
    OutboxView again =
        new OutboxView(
            id,
            old.run(),
            old.kind(),
            old.target(),
            old.text(),
            OutboxView.State.PENDING,
            0,
            old.since(),
            old.since(),
            old.reason());
    outbox.set(outbox.indexOf(old), again);
    return again;
  }

  DeliveryView replay(String id) {
    DeliveryView old = Objects.requireNonNull(server.delivery(id));
    DeliveryView again =
        new DeliveryView(
            old.id(),
            old.source(),
            old.event(),
            old.verdict(),
            old.reason(),
            old.changes(),
            old.runs(),
            old.receivedAt(),
            DeliveryState.RECEIVED,
            null,
            0,
            null);
    server.deliveries.set(server.deliveries.indexOf(old), again);
    return again;
  }

  /** Some of everything. */
  void fill(Instant now, RunId run) {
    SourceName shop = new SourceName("shop");
    Instant earlier = now.minus(Duration.ofDays(9));
    for (SecretView view :
        List.of(
            new SecretView("deploy-key", shop, "Grace Hopper", earlier, now, run),
            new SecretView("registry-password", null, "Ada Lovelace", earlier, null, null))) {
      secrets.put(key(view.name(), String.valueOf(view.source())), view);
    }
    token("build-monitor", "VIEWER", null);
    token("grace", "OPERATOR", now.plus(Duration.ofDays(40)).toString());
    audit("grace", "cancel a run", "/runs/shop%2342/cancel", 200);
    audit("grace", "set a secret", "/secrets", 403);
    outbox.add(message(run, OutboxView.State.PENDING, 0, now, null));
    outbox.add(message(run, OutboxView.State.SENT, 1, now, null));
    outbox.add(message(run, OutboxView.State.PENDING, 3, now, "The forge answered 502."));
    outbox.add(
        message(run, OutboxView.State.REFUSED, 1, now, "The forge answered 401: bad credentials."));
  }

  private OutboxView message(
      RunId run, OutboxView.State state, int tries, Instant now, @Nullable String reason) {
    boolean status = outbox.size() % 2 == 1;
    return new OutboxView(
        "m" + outbox.size(),
        run,
        status ? "status" : "broke",
        status ? "shop" : "team-chat",
        status ? "Failed in verify/lint" : "shop #41 broke main: verify/lint",
        state,
        tries,
        now.minus(Duration.ofMinutes(4L * outbox.size())),
        state == OutboxView.State.PENDING && tries > 0 ? now.plusSeconds(90) : null,
        reason);
  }
}
