package dev.pipewright.protocol.json;

import dev.pipewright.protocol.GlobPattern;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.run.Concurrency;
import dev.pipewright.protocol.run.Concurrency.Superseded;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.PlanStep;
import dev.pipewright.protocol.run.Resources;
import dev.pipewright.protocol.run.StepNeeds;
import dev.pipewright.protocol.run.TriggerSpec;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a plan and its steps member by member. Confined to one call. */
final class PlanTextReader {
  private final Fields in;

  PlanTextReader(Fields in) {
    this.in = in;
  }

  Plan plan() throws IOException {
    @Nullable PipelineName pipeline = null;
    String definition = "";
    @Nullable String image = null;
    List<TriggerSpec> triggers = List.of();
    List<PlanStep> steps = List.of();
    Concurrency concurrency = Concurrency.UNLIMITED;
    @Nullable Resources resources = null;
    in.beginObject();
    while (in.next()) {
      switch (in.name()) {
        case "pipeline" -> pipeline = new PipelineName(in.needed());
        case "definition" -> definition = in.needed();
        case "image" -> image = in.text();
        case "triggers" -> triggers = in.array(this::trigger);
        case "steps" -> steps = in.array(this::step);
        case "concurrency" -> concurrency = concurrency();
        case "resources" -> resources = resources();
        default -> in.skip();
      }
    }
    return new Plan(
        Fields.present("pipeline", pipeline),
        definition,
        triggers,
        image,
        steps,
        concurrency,
        resources);
  }

  private Concurrency concurrency() throws IOException {
    @Nullable Integer atMost = null;
    Superseded superseded = Superseded.KEPT;
    in.beginObject();
    while (in.next()) {
      switch (in.name()) {
        case "atMost" -> atMost = in.intOrNull();
        case "superseded" -> superseded = Superseded.valueOf(in.needed());
        default -> in.skip();
      }
    }
    return new Concurrency(atMost, superseded);
  }

  private @Nullable Resources resources() throws IOException {
    if (!in.beginObjectIfAny()) {
      return null;
    }
    @Nullable Long memoryBytes = null;
    @Nullable Double cpus = null;
    while (in.next()) {
      switch (in.name()) {
        case "memoryBytes" -> memoryBytes = in.numberOrNull();
        case "cpus" -> cpus = in.realOrNull();
        default -> in.skip();
      }
    }
    return new Resources(memoryBytes, cpus);
  }

  private TriggerSpec trigger() throws IOException {
    String on = "";
    List<GlobPattern> patterns = List.of();
    TriggerSpec.Paths paths = TriggerSpec.Paths.ALL;
    String expression = "";
    String zone = "";
    in.beginObject();
    while (in.next()) {
      switch (in.name()) {
        case "on" -> on = in.needed();
        case "paths" -> paths = paths();
        case "expression" -> expression = in.needed();
        case "zone" -> zone = in.needed();
        case "branches", "names" -> patterns = in.array(() -> new GlobPattern(in.here()));
        default -> in.skip();
      }
    }
    return switch (on) {
      case "push" -> new TriggerSpec.Push(patterns, paths);
      case "tag" -> new TriggerSpec.Tag(patterns);
      case "pull_request" -> new TriggerSpec.PullRequest(paths);
      case "cron" -> new TriggerSpec.Cron(expression, zone);
      case "manual" -> new TriggerSpec.Manual();
      default -> throw new ProtocolException("unknown trigger '" + on + "'");
    };
  }

  private TriggerSpec.Paths paths() throws IOException {
    List<GlobPattern> only = List.of();
    List<GlobPattern> ignored = List.of();
    in.beginObject();
    while (in.next()) {
      switch (in.name()) {
        case "only" -> only = in.array(() -> new GlobPattern(in.here()));
        case "ignored" -> ignored = in.array(() -> new GlobPattern(in.here()));
        default -> in.skip();
      }
    }
    return new TriggerSpec.Paths(only, ignored);
  }

  PlanStep step() throws IOException {
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
    StepNeeds needs = StepNeeds.NONE;
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
        case "needs" -> needs = needs();
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
        ensure,
        needs);
  }

  private StepNeeds needs() throws IOException {
    List<String> secrets = List.of();
    List<String> locks = List.of();
    @Nullable String image = null;
    List<String> services = List.of();
    List<String> keeps = List.of();
    boolean atMostOnce = false;
    in.beginObject();
    while (in.next()) {
      switch (in.name()) {
        case "secrets" -> secrets = in.array(in::here);
        case "locks" -> locks = in.array(in::here);
        case "image" -> image = in.text();
        case "services" -> services = in.array(in::here);
        case "keeps" -> keeps = in.array(in::here);
        case "atMostOnce" -> atMostOnce = in.bool();
        default -> in.skip();
      }
    }
    return new StepNeeds(secrets, locks, image, services, keeps, atMostOnce);
  }
}
