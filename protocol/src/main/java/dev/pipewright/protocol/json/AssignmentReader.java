package dev.pipewright.protocol.json;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.GlobPattern;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.Assignment;
import dev.pipewright.protocol.run.Cause;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.PlanStep;
import dev.pipewright.protocol.run.TriggerSpec;
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
  private final Map<String, String> parameters = new HashMap<>();

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
        case "plan" -> plan = plan();
        case "parameters" -> parameters();
        case "seed" -> {
          String digest = in.text();
          seed = digest == null ? null : new BlobDigest(digest);
        }
        case "checkoutPath" -> checkoutPath = in.needed();
        default -> in.skip();
      }
    }
    return new Assignment(
        present("run", run),
        attempt,
        fence,
        present("source", source),
        present("ref", ref),
        present("commit", commit),
        present("cause", cause),
        present("bundle", bundle),
        present("plan", plan),
        parameters,
        seed,
        present("checkoutPath", checkoutPath));
  }

  private static <T> T present(String name, @Nullable T value) {
    if (value == null) {
      throw new ProtocolException("'" + name + "' is missing");
    }
    return value;
  }

  private void parameters() throws IOException {
    in.beginObject();
    while (in.next()) {
      String name = in.name();
      parameters.put(name, in.needed());
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

  private Plan plan() throws IOException {
    @Nullable PipelineName pipeline = null;
    String definition = "";
    @Nullable String image = null;
    List<TriggerSpec> triggers = List.of();
    List<PlanStep> steps = List.of();
    in.beginObject();
    while (in.next()) {
      switch (in.name()) {
        case "pipeline" -> pipeline = new PipelineName(in.needed());
        case "definition" -> definition = in.needed();
        case "image" -> image = in.text();
        case "triggers" -> triggers = in.array(this::trigger);
        case "steps" -> steps = in.array(this::step);
        default -> in.skip();
      }
    }
    return new Plan(present("pipeline", pipeline), definition, triggers, image, steps);
  }

  private TriggerSpec trigger() throws IOException {
    String on = "";
    List<GlobPattern> patterns = List.of();
    in.beginObject();
    while (in.next()) {
      switch (in.name()) {
        case "on" -> on = in.needed();
        case "branches", "names" -> patterns = in.array(() -> new GlobPattern(in.here()));
        default -> in.skip();
      }
    }
    return switch (on) {
      case "push" -> new TriggerSpec.Push(patterns);
      case "tag" -> new TriggerSpec.Tag(patterns);
      case "pull_request" -> new TriggerSpec.PullRequest();
      case "manual" -> new TriggerSpec.Manual();
      default -> throw new ProtocolException("unknown trigger '" + on + "'");
    };
  }

  private PlanStep step() throws IOException {
    String kind = "";
    @Nullable StepPath path = null;
    String detail = "";
    String location = "";
    boolean allowFailure = false;
    @Nullable Long timeoutSeconds = null;
    int attempts = 1;
    List<PlanStep> steps = List.of();
    List<PlanStep> onFailure = List.of();
    List<PlanStep> ensure = List.of();
    in.beginObject();
    while (in.next()) {
      switch (in.name()) {
        case "kind" -> kind = in.needed();
        case "path" -> {
          String text = in.text();
          path = text == null ? null : new StepPath(text);
        }
        case "detail" -> detail = in.needed();
        case "location" -> location = in.needed();
        case "allowFailure" -> allowFailure = in.bool();
        case "timeoutSeconds" -> timeoutSeconds = in.numberOrNull();
        case "attempts" -> attempts = (int) in.number();
        case "steps" -> steps = in.array(this::step);
        case "onFailure" -> onFailure = in.array(this::step);
        case "ensure" -> ensure = in.array(this::step);
        default -> in.skip();
      }
    }
    return new PlanStep(
        kind,
        path,
        detail,
        location,
        allowFailure,
        timeoutSeconds,
        attempts,
        steps,
        onFailure,
        ensure);
  }
}
