package dev.pipewright.protocol.json;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.Assignment;
import dev.pipewright.protocol.run.Answer;
import dev.pipewright.protocol.run.Cause;
import dev.pipewright.protocol.run.Plan;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads an assignment member by member. Confined to one call. */
final class AssignmentReader {
  private final Fields in;

  private @Nullable RunId run;
  private int attempt = 1;
  private long fence;
  private @Nullable SourceName source;
  private @Nullable String ref;
  private @Nullable CommitId commit;
  private @Nullable Cause cause;
  private @Nullable BlobDigest bundle;
  private @Nullable Plan plan;
  private @Nullable BlobDigest seed;
  private @Nullable String checkoutPath;
  private Map<String, String> parameters = Map.of();
  private boolean resumed;
  private @Nullable StepPath from;
  private @Nullable String reason;
  private List<Answer> answers = List.of();
  private final Map<StepPath, Long> logEnds = new HashMap<>();

  AssignmentReader(Fields in) {
    this.in = in;
  }

  Assignment assignment() throws IOException {
    in.beginObject();
    while (in.next()) {
      switch (in.name()) {
        case "run" -> run = RunId.parse(in.needed());
        case "attempt" -> attempt = (int) in.number();
        case "fence" -> fence = in.number();
        case "source" -> source = new SourceName(in.needed());
        case "ref" -> ref = in.needed();
        case "commit" -> commit = new CommitId(in.needed());
        case "cause" -> cause = cause();
        case "bundle" -> bundle = new BlobDigest(in.needed());
        case "plan" -> plan = new PlanTextReader(in).plan();
        case "parameters" -> parameters = in.texts();
        case "seed" -> {
          String digest = in.text();
          seed = digest == null ? null : new BlobDigest(digest);
        }
        case "resumed" -> resumed = in.bool();
        case "from" -> {
          String path = in.text();
          from = path == null ? null : new StepPath(path);
        }
        case "reason" -> reason = in.text();
        case "answers" -> answers = in.array(() -> AnswerReader.answer(in));
        case "logEnds" -> logEnds();
        case "checkoutPath" -> checkoutPath = in.needed();
        default -> in.skip();
      }
    }
    return new Assignment(
        Fields.present("run", run),
        attempt,
        fence,
        Fields.present("source", source),
        Fields.present("ref", ref),
        Fields.present("commit", commit),
        Fields.present("cause", cause),
        Fields.present("bundle", bundle),
        Fields.present("plan", plan),
        parameters,
        seed,
        Fields.present("checkoutPath", checkoutPath),
        resumed,
        from,
        reason,
        answers,
        logEnds);
  }

  private void logEnds() throws IOException {
    in.beginObject();
    while (in.next()) {
      StepPath path = new StepPath(in.name());
      logEnds.put(path, in.number());
    }
  }

  private Cause cause() throws IOException {
    String kind = "";
    @Nullable String by = null;
    @Nullable String message = null;
    @Nullable String delivery = null;
    in.beginObject();
    while (in.next()) {
      switch (in.name()) {
        case "kind" -> kind = in.needed();
        case "by" -> by = in.text();
        case "message" -> message = in.text();
        case "delivery" -> delivery = in.text();
        default -> in.skip();
      }
    }
    return new Cause(kind, by, message, delivery);
  }
}
