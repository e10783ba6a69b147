package dev.pipewright.protocol.json;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.api.CacheAnswer;
import dev.pipewright.protocol.api.LockAnswer;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.SecretValues;
import dev.pipewright.protocol.api.SideView;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what the server answers to an engine that asks for something. */
final class ServiceAnswers {
  private ServiceAnswers() {}

  static LockAnswer lockAnswer(Fields in) throws IOException {
    boolean granted = false;
    long grant = 0;
    @Nullable String owner = null;
    int ahead = 0;
    in.beginObject();
    while (in.next()) {
      switch (in.name()) {
        case "granted" -> granted = in.bool();
        case "grant" -> grant = in.number();
        case "owner" -> owner = in.text();
        case "ahead" -> ahead = (int) in.number();
        default -> in.skip();
      }
    }
    return new LockAnswer(granted, grant, owner, ahead);
  }

  static SecretValues secrets(Fields in) throws IOException {
    Map<String, String> values = Map.of();
    in.beginObject();
    while (in.next()) {
      if (in.name().equals("values")) {
        values = in.texts();
      } else {
        in.skip();
      }
    }
    return new SecretValues(values);
  }

  static CacheAnswer cacheAnswer(Fields in) throws IOException {
    @Nullable BlobDigest blob = null;
    long size = 0;
    String reason = "";
    in.beginObject();
    while (in.next()) {
      switch (in.name()) {
        case "blob" -> {
          String digest = in.text();
          blob = digest == null ? null : new BlobDigest(digest);
        }
        case "size" -> size = in.number();
        case "reason" -> reason = in.needed();
        default -> in.skip();
      }
    }
    return new CacheAnswer(blob, size, reason);
  }

  static SideView side(Fields in) throws IOException {
    String key = "";
    SideView.@Nullable State state = null;
    @Nullable Integer exitCode = null;
    @Nullable String reason = null;
    @Nullable String output = null;
    in.beginObject();
    while (in.next()) {
      switch (in.name()) {
        case "key" -> key = in.needed();
        case "output" -> output = in.text();
        case "state" -> state = SideView.State.valueOf(in.needed());
        case "exitCode" -> exitCode = in.intOrNull();
        case "reason" -> reason = in.text();
        default -> in.skip();
      }
    }
    return new SideView(key, Fields.present("state", state), exitCode, reason, output);
  }

  static Problem problem(Fields in) throws IOException {
    int status = 0;
    String code = "";
    String title = "";
    @Nullable String detail = null;
    in.beginObject();
    while (in.next()) {
      switch (in.name()) {
        case "status" -> status = (int) in.number();
        case "code" -> code = in.needed();
        case "title" -> title = in.needed();
        case "detail" -> detail = in.text();
        default -> in.skip();
      }
    }
    return new Problem(status, code, title, detail);
  }
}
