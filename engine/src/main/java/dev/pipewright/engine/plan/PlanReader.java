package dev.pipewright.engine.plan;

import dev.pipewright.dsl.Definitions;
import dev.pipewright.dsl.Pipeline;
import dev.pipewright.dsl.definition.ConcurrencyNode;
import dev.pipewright.dsl.definition.DefinitionProblem;
import dev.pipewright.dsl.definition.Modifiers;
import dev.pipewright.dsl.definition.PipelineNode;
import dev.pipewright.dsl.definition.ResourcesNode;
import dev.pipewright.dsl.definition.StepNode;
import dev.pipewright.dsl.definition.TriggerNode;
import dev.pipewright.dsl.definition.Word;
import dev.pipewright.protocol.GlobPattern;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.run.Concurrency;
import dev.pipewright.protocol.run.Concurrency.Superseded;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.PlanStep;
import dev.pipewright.protocol.run.Resources;
import dev.pipewright.protocol.run.StepNeeds;
import dev.pipewright.protocol.run.TriggerSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads a pipeline: checks it, gives its steps their paths, and makes its plan. */
public final class PlanReader {
  private static final int DETAIL_LIMIT = 300;

  private PlanReader() {}

  /**
   * Reads a pipeline.
   *
   * @param definition binary name of the class that defines it
   * @throws DefinitionException with all problems, if there is any
   */
  public static Planned read(Pipeline pipeline, String definition) {
    PipelineNode node = Definitions.read(pipeline);
    List<DefinitionProblem> problems = Definitions.problems(pipeline);
    if (!problems.isEmpty()) {
      throw new DefinitionException(problems);
    }
    List<PlannedStep> steps = planned(node.steps(), new Place(null, "", 0));
    Plan plan =
        new Plan(
            new PipelineName(node.name()),
            definition,
            triggers(node.triggers()),
            node.image(),
            steps.stream().map(PlanReader::shape).toList(),
            concurrency(node.concurrency()),
            resources(node.resources()));
    return new Planned(node, plan, steps);
  }

  private static @Nullable Resources resources(ResourcesNode node) {
    return node.memory() == null && node.cpus() == null
        ? null
        : new Resources(node.memoryBytes(), node.cpus());
  }

  /**
   * Gives steps that became known while a run was going on their places in the plan.
   *
   * @param parent the step they are in
   */
  public static List<PlannedStep> inside(PlannedStep parent, List<StepNode> nodes) {
    int first = parent.onFailure().size() + parent.ensure().size();
    return planned(nodes, new Place(parent.path(), parent.key() + "/", first));
  }

  /** Where a list of steps begins: the path and the key of what holds them. */
  private record Place(@Nullable StepPath path, String key, int first) {}

  private static List<PlannedStep> planned(List<StepNode> nodes, Place place) {
    List<PlannedStep> steps = new ArrayList<>(nodes.size());
    for (StepNode node : nodes) {
      String segment = node.word().segment();
      StepPath parent = place.path();
      StepPath path =
          segment == null ? null : parent == null ? StepPath.of(segment) : parent.child(segment);
      String key = place.key() + (segment == null ? "/" + (place.first() + steps.size()) : segment);
      StepPath below = path == null ? parent : path;
      int children = node.word().children().size();
      int recoveries = node.modifiers().onFailure().size();
      steps.add(
          new PlannedStep(
              node,
              key,
              path,
              planned(node.word().children(), new Place(below, key + "/", 0)),
              planned(node.modifiers().onFailure(), new Place(below, key + "/", children)),
              planned(
                  node.modifiers().ensure(), new Place(below, key + "/", children + recoveries))));
    }
    return steps;
  }

  /** The shape of a step and of all in it, without code. */
  public static PlanStep shape(PlannedStep step) {
    StepNode node = step.node();
    return new PlanStep(
        node.word().keyword(),
        step.path(),
        detail(node.word()),
        node.location().toString(),
        node.modifiers().allowFailure(),
        node.modifiers().timeout().map(PlanReader::wholeSeconds).orElse(null),
        node.modifiers().attempts(),
        step.steps().stream().map(PlanReader::shape).toList(),
        step.onFailure().stream().map(PlanReader::shape).toList(),
        step.ensure().stream().map(PlanReader::shape).toList(),
        needs(node));
  }

  private static StepNeeds needs(StepNode node) {
    Modifiers modifiers = node.modifiers();
    Set<String> locks = new TreeSet<>(modifiers.locks());
    if (node.word() instanceof Word.WithLock withLock) {
      locks.add(withLock.lock());
    }
    return new StepNeeds(
        modifiers.needs(),
        List.copyOf(locks),
        modifiers.image().orElse(null),
        modifiers.services().stream().map(with -> with.name() + "=" + with.image()).toList(),
        modifiers.keeps(),
        modifiers.atMostOnce());
  }

  private static Long wholeSeconds(Duration limit) {
    return Math.max(1, limit.toSeconds());
  }

  private static String detail(Word word) {
    String text =
        switch (word) {
          case Word.Shell shell -> shell.command();
          case Word.Exec exec -> String.join(" ", exec.command());
          case Word.OnBranch onBranch -> onBranch.pattern();
          case Word.InParallel parallel ->
              (parallel.failFast() ? "fail fast" : "")
                  + (parallel.failFast() && parallel.atMost() != null ? ", " : "")
                  + (parallel.atMost() == null ? "" : "at most " + parallel.atMost());
          case Word.Checkout _, Word.Code _, Word.Stage _, Word.AnyOf _, Word.Choose _ -> "";
          case Word.OnlyIf _, Word.Expand _ -> "";
          case Word.Approval approval -> approval.question();
          case Word.WithLock withLock -> withLock.lock();
          case Word.WithCheckout other -> other.url();
          case Word.Downstream other -> other.pipeline();
        };
    return text.length() <= DETAIL_LIMIT ? text : text.substring(0, DETAIL_LIMIT) + "…";
  }

  private static Concurrency concurrency(ConcurrencyNode node) {
    Superseded superseded =
        switch (node.superseded()) {
          case KEPT -> Superseded.KEPT;
          case CANCELLED -> Superseded.CANCELLED;
          case CANCELLED_EVEN_WAITING -> Superseded.CANCELLED_EVEN_WAITING;
        };
    return new Concurrency(node.atMost(), superseded);
  }

  private static List<TriggerSpec> triggers(List<TriggerNode> nodes) {
    List<TriggerSpec> specs = new ArrayList<>();
    for (TriggerNode node : nodes) {
      switch (node) {
        case TriggerNode.Push push ->
            specs.add(new TriggerSpec.Push(globs(push.branches()), paths(push.paths())));
        case TriggerNode.Tags tags -> specs.add(new TriggerSpec.Tag(globs(tags.names())));
        case TriggerNode.PullRequests pull ->
            specs.add(new TriggerSpec.PullRequest(paths(pull.paths())));
        case TriggerNode.Manually _ -> specs.add(new TriggerSpec.Manual());
        case TriggerNode.Cron cron ->
            specs.add(new TriggerSpec.Cron(cron.expression(), cron.zone()));
      }
    }
    return specs;
  }

  private static TriggerSpec.Paths paths(TriggerNode.Paths paths) {
    return new TriggerSpec.Paths(globs(paths.only()), globs(paths.ignored()));
  }

  private static List<GlobPattern> globs(List<String> patterns) {
    return patterns.stream().map(GlobPattern::new).toList();
  }
}
