package dev.pipewright.spawner.hook;

import dev.pipewright.protocol.SourceName;
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

  private Samples() {}

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
    List<Map.Entry<String, String>> entries = new ArrayList<>();
    for (String line : new String(bytes(name), StandardCharsets.UTF_8).lines().toList()) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        entries.add(Map.entry(line.substring(0, colon), line.substring(colon + 1)));
      }
    }
    return HookHeaders.of(entries);
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
    return "sha256=" + HexFormat.of().formatHex(Signature.of(body, SECRET));
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
            Instant.EPOCH),
        secret);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
