package dev.pipewright.spawner.hook;

import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.ForeignPolicy;
import dev.pipewright.protocol.api.SourceView;
import dev.pipewright.protocol.api.SourceWithSecret;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.json.JsonTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The recorded deliveries among the test resources, and the sources they are meant for. */
final class Samples {
  static final String SECRET = "It's a Secret to Everybody";
  static final String COMMIT = "366701fde727cb7a9e7f21eb88264f59f6f9b89c";

  static final String SIGNING_TOKEN = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

  /** The time at which the samples with a time were signed. */
  static final Instant NOW = Instant.ofEpochSecond(1767323045);

  private static final Map<String, String> SECRETS =
      Map.of(
          "github", SECRET,
          "gitlab", "gl-open-token-7d1f0c",
          "gitea", "gitea-open-secret",
          "forgejo", "forgejo-open-secret",
          "gogs", "gogs-open-secret",
          "bitbucket-cloud", "bbc-open-secret",
          "bitbucket-datacenter", "bbdc-open-secret");

  private Samples() {}

  /** Judges a delivery for a source of this forge at the time of the samples. */
  static Judgement judge(String forge, @Nullable String secret, HookHeaders headers, byte[] body) {
    return Hooks.judge(source(forge, secret), headers, body, NOW);
  }

  /** The secret with which the deliveries of this sample are signed; null for none. */
  static @Nullable String secretOf(JsonTree row) {
    String body = row.at("body").text().orElseThrow();
    if (body.contains("signed-vector")) {
      return "123";
    }
    return body.contains("signed-19")
        ? SIGNING_TOKEN
        : SECRETS.get(row.at("forge").text().orElseThrow());
  }

  /** What the sample is judged. */
  static Judgement judged(JsonTree row) {
    return judge(
        row.at("forge").text().orElseThrow(),
        secretOf(row),
        headers(row.at("headers").text().orElseThrow()),
        bytes(row.at("body").text().orElseThrow()));
  }

  /** What the sample is judged for a source that does so with what anybody may have made. */
  static Judgement judged(JsonTree row, ForeignPolicy policy) {
    SourceWithSecret usual = source(row.at("forge").text().orElseThrow(), secretOf(row));
    SourceView view = usual.source();
    SourceView source =
        new SourceView(
            view.name(),
            view.url(),
            view.forge(),
            view.folder(),
            view.defaultBranch(),
            view.signed(),
            view.createdAt(),
            policy);
    return Hooks.judge(
        new SourceWithSecret(source, usual.secret()),
        headers(row.at("headers").text().orElseThrow()),
        bytes(row.at("body").text().orElseThrow()),
        NOW);
  }

  /** The rows of the index. */
  static List<JsonTree> rows() {
    return Json.tree(bytes("index.json")).at("samples").elements();
  }

  static byte[] bytes(String name) {
    try (InputStream in = Samples.class.getResourceAsStream("/webhooks/" + name)) {
      if (in == null) {
        throw new IllegalStateException("There is no sample " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static HookHeaders headers(String name) {
    return HookHeaders.of(headerLines(name));
  }

  static List<Map.Entry<String, String>> headerLines(String name) {
    List<Map.Entry<String, String>> entries = new ArrayList<>();
    for (String line : new String(bytes(name), StandardCharsets.UTF_8).lines().toList()) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        entries.add(Map.entry(line.substring(0, colon), line.substring(colon + 1)));
      }
    }
    return entries;
  }

  /** The headers GitHub sends with these bytes, rightly signed. */
  static HookHeaders github(String event, byte[] body) {
    return HookHeaders.of(
        List.of(
            Map.entry("content-type", "application/json"),
            Map.entry("x-github-event", event),
            Map.entry("X-GITHUB-DELIVERY", "72d3162e-cc78-11e3-81ab-4c9367dc0958"),
            Map.entry("X-Hub-Signature-256", signature(body))));
  }

  static String signature(byte[] body) {
    return "sha256=" + hex(body, SECRET);
  }

  /** These headers with the signatures of these bytes in the place of theirs. */
  static HookHeaders signed(List<Map.Entry<String, String>> lines, byte[] body, String secret) {
    List<Map.Entry<String, String>> signed = new ArrayList<>();
    String hex = hex(body, secret);
    for (Map.Entry<String, String> line : lines) {
      switch (line.getKey()) {
        case "X-Gitlab-Token", "webhook-signature", "X-Hub-Signature", "X-Hub-Signature-256" -> {}
        case String name when name.endsWith("-Signature") -> signed.add(Map.entry(name, hex));
        case String name -> signed.add(Map.entry(name, line.getValue()));
      }
    }
    signed.add(Map.entry("X-Hub-Signature", "sha256=" + hex));
    signed.add(Map.entry("X-Hub-Signature-256", "sha256=" + hex));
    signed.add(Map.entry("X-Gitlab-Token", secret));
    return HookHeaders.of(signed).withToken(secret);
  }

  static String hex(byte[] body, String secret) {
    return HexFormat.of().formatHex(Hmac.of(body, secret));
  }

  static SourceWithSecret source(String forge, @Nullable String secret) {
    return new SourceWithSecret(
        new SourceView(
            new SourceName("shop"),
            "https://git.example/shop.git",
            forge,
            ".pipewright",
            "main",
            secret != null,
            Instant.EPOCH,
            ForeignPolicy.HOLD),
        secret);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
