package dev.pipewright.dsl.definition;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds everything that is wrong with a pipeline and that no compiler sees, all at once. Confined
 * to one call.
 */
public final class DefinitionCheck {
  private static final int PATH_LIMIT = 2000;

  private final List<DefinitionProblem> problems = new ArrayList<>();
  private final Map<String, SourceLocation> paths = new HashMap<>();

  /** The locks held around the step that is looked at, each with the call that takes it. */
  private final Map<String, SourceLocation> held = new HashMap<>();

  private DefinitionCheck() {}

  /**
   * Checks a pipeline.
   *
   * @param pipeline what to check
   * @return every problem, in the order of the definition; empty if there is none
   */
  public static List<DefinitionProblem> problems(PipelineNode pipeline) {
    DefinitionCheck check = new DefinitionCheck();
    check.pipeline(pipeline);
    return List.copyOf(check.problems);
  }

  /**
   * Checks steps that became known while a run was going on.
   *
   * @param steps what to check
   * @param parent path of the step they are in
   * @return every problem; empty if there is none
   */
  public static List<DefinitionProblem> problems(List<StepNode> steps, String parent) {
    return problems(steps, parent, Map.of());
  }

  /**
   * Checks steps that became known while a run was going on and while locks are held.
   *
   * @param steps what to check
   * @param parent path of the step they are in
   * @param held the locks, each with the call that took it
   * @return every problem; empty if there is none
   */
  public static List<DefinitionProblem> problems(
      List<StepNode> steps, String parent, Map<String, SourceLocation> held) {
    DefinitionCheck check = new DefinitionCheck();
    check.held.putAll(held);
    steps.forEach(step -> check.step(step, parent));
    return List.copyOf(check.problems);
  }

  private void pipeline(PipelineNode pipeline) {
    SourceLocation location = pipeline.location();
    report(Texts.pipelineName(pipeline.name()), location);
    positive("The timeout of the pipeline", pipeline.timeout(), location);
    Integer atMost = pipeline.concurrency().atMost();
    if (atMost != null && atMost < 1) {
      report(
          "At least one run must be allowed at once, so atMost cannot be " + atMost + ".",
          pipeline.concurrency().location());
    }
    if (pipeline.image() != null) {
      report(Texts.image(pipeline.image()), location);
    }
    ResourcesNode resources = pipeline.resources();
    if (resources.memory() != null) {
      report(Texts.memory(resources.memory()), resources.location());
    }
    if (resources.cpus() != null) {
      report(Texts.cpus(resources.cpus()), resources.location());
    }
    pipeline.env().forEach((name, value) -> env(name, value, location));
    triggers(pipeline.triggers());
    if (pipeline.steps().isEmpty()) {
      report("The pipeline has no steps. Give runs(...) at least one.", location);
    }
    pipeline.steps().forEach(step -> step(step, ""));
  }

  private void triggers(List<TriggerNode> triggers) {
    Set<String> seen = new TreeSet<>();
    for (TriggerNode trigger : triggers) {
      SourceLocation location = trigger.location();
      String key =
          switch (trigger) {
            case TriggerNode.Push push -> {
              push.branches().forEach(pattern -> report(Texts.glob(pattern), location));
              paths(push.paths(), location);
              yield "push " + new TreeSet<>(push.branches()) + push.paths();
            }
            case TriggerNode.Tags tags -> {
              tags.names().forEach(pattern -> report(Texts.glob(pattern), location));
              yield "tags " + new TreeSet<>(tags.names());
            }
            case TriggerNode.PullRequests pull -> {
              paths(pull.paths(), location);
              yield "pullRequests " + pull.paths();
            }
            case TriggerNode.Cron cron -> {
              report(CronText.problem(cron.expression()), location);
              yield "cron " + cron.expression() + " " + cron.zone();
            }
            case TriggerNode.Manually _ -> "manually";
          };
      if (!seen.add(key)) {
        report("The same trigger is given twice. Remove one of them.", location);
      }
    }
  }

  private void paths(TriggerNode.Paths paths, SourceLocation location) {
    paths.only().forEach(pattern -> report(Texts.fileGlob(pattern), location));
    paths.ignored().forEach(pattern -> report(Texts.fileGlob(pattern), location));
  }

  private void step(StepNode step, String parent) {
    String segment = step.word().segment();
    String path = parent;
    if (segment != null) {
      report(Texts.stepName(segment), step.location());
      path = parent.isEmpty() ? segment : parent + "/" + segment;
      unique(path, step.location());
    }
    List<String> locks = lock(step);
    word(step);
    services(step.modifiers().services());
    for (StepNode child : step.word().children()) {
      step(child, path);
    }
    for (Modifier modifier : step.modifiers().all()) {
      modifier(modifier, path);
      if (modifier instanceof Modifier.Image && !runsCommand(step.word())) {
        report("Only sh and exec run in another image; remove image here.", modifier.location());
      }
    }
    locks.forEach(held::remove);
  }

  private static boolean runsCommand(Word word) {
    return word instanceof Word.Shell || word instanceof Word.Exec;
  }

  /** Takes the locks of a step, and gives those that it holds itself. */
  private List<String> lock(StepNode step) {
    List<String> taken = new ArrayList<>();
    if (step.word() instanceof Word.WithLock withLock) {
      lock(withLock.lock(), step.location(), taken);
    }
    for (Modifier modifier : step.modifiers().all()) {
      if (modifier instanceof Modifier.Locks locks) {
        lock(locks.lock(), locks.location(), taken);
      }
    }
    return taken;
  }

  private void lock(String lock, SourceLocation location, List<String> taken) {
    SourceLocation holder = held.putIfAbsent(lock, location);
    if (holder == null) {
      taken.add(lock);
      return;
    }
    report(
        "The lock '%s' is held here already (taken at %s), so the step would wait for itself. Remove one of the two."
            .formatted(Texts.shown(lock), holder),
        location);
  }

  private void services(List<Modifier.With> services) {
    Set<String> names = new HashSet<>();
    for (Modifier.With service : services) {
      if (!names.add(service.name())) {
        report(
            "There are two services named '%s' beside this step. Give one of them another name."
                .formatted(Texts.shown(service.name())),
            service.location());
      }
    }
  }

  private void unique(String path, SourceLocation location) {
    if (path.length() > PATH_LIMIT) {
      report(
          "The path of a step has at most 2000 characters; nest less or name shorter.", location);
      return;
    }
    SourceLocation first = paths.putIfAbsent(path, location);
    if (first != null) {
      report(
          "There are two steps named '%s'; the other one is at %s. Give one of them another name."
              .formatted(Texts.shown(path), first),
          location);
    }
  }

  private void word(StepNode step) {
    SourceLocation location = step.location();
    switch (step.word()) {
      case Word.Shell shell -> report(Texts.command(shell.command()), location);
      case Word.Exec exec -> report(Texts.command(exec.command().getFirst()), location);
      case Word.InParallel parallel -> {
        if (parallel.steps().isEmpty()) {
          report("inParallelFor got no items, so there is nothing to run.", location);
        }
        if (parallel.atMost() != null && parallel.atMost() < 1) {
          report("atMost must be at least 1, but is " + parallel.atMost() + ".", location);
        }
      }
      case Word.OnBranch onBranch -> report(Texts.glob(onBranch.pattern()), location);
      case Word.Approval approval -> {
        positive("within", approval.within(), location);
        ParameterCheck.problems(approval).forEach(problem -> report(problem, location));
      }
      case Word.WithLock withLock -> report(Texts.named("lock", withLock.lock()), location);
      case Word.WithCheckout other -> {
        report(Texts.named("repository URL", other.url()), location);
        report(Texts.folder(other.folder()), location);
      }
      case Word.Downstream other -> {
        report(Texts.pipelineName(other.pipeline()), location);
        ParameterCheck.problems(other).forEach(problem -> report(problem, location));
      }
      case Word.Checkout _, Word.Code _, Word.Stage _, Word.AnyOf _ -> {}
      case Word.Choose _, Word.OnlyIf _, Word.Expand _ -> {}
    }
  }

  private void modifier(Modifier modifier, String path) {
    SourceLocation location = modifier.location();
    switch (modifier) {
      case Modifier.Timeout timeout -> positive("A timeout", timeout.limit(), location);
      case Modifier.Attempts attempts -> {
        if (attempts.total() < 1) {
          report(
              "attempts counts all tries, the first one included, so it must be at least 1, not %d."
                  .formatted(attempts.total()),
              location);
        }
        if (attempts.backoff().isNegative()) {
          report("The backoff between attempts must not be negative.", location);
        }
      }
      case Modifier.OnFailure onFailure -> step(onFailure.step(), path);
      case Modifier.Ensure ensure -> step(ensure.step(), path);
      case Modifier.Image image -> report(Texts.image(image.reference()), location);
      case Modifier.With with -> {
        report(Texts.hostName(with.name()), location);
        report(Texts.image(with.image()), location);
      }
      case Modifier.Env env -> env(env.name(), env.value(), location);
      case Modifier.Needs needs -> report(Texts.variable("secret", needs.secret()), location);
      case Modifier.Locks locks -> report(Texts.named("lock", locks.lock()), location);
      case Modifier.Keeps keeps -> report(Texts.fileGlob(keeps.glob()), location);
      case Modifier.Junit junit -> report(Texts.fileGlob(junit.glob()), location);
      case Modifier.Cache cache -> {
        report(Texts.cacheKey(cache.key()), location);
        cache.paths().forEach(folder -> report(Texts.fileGlob(folder), location));
      }
      case Modifier.AllowFailure _, Modifier.AtMostOnce _ -> {}
    }
  }

  private void env(String name, String value, SourceLocation location) {
    report(Texts.variable("environment variable", name), location);
    if (name.startsWith("PIPEWRIGHT_")) {
      report("Names that begin with PIPEWRIGHT_ are reserved, so env cannot set them.", location);
    }
    if (value.indexOf('\0') >= 0) {
      report("The value of an environment variable must not contain a zero character.", location);
    }
  }

  private void positive(String what, @Nullable Duration duration, SourceLocation location) {
    if (duration != null && !duration.isPositive()) {
      report(what + " must be longer than nothing, but is " + duration + ".", location);
    }
  }

  private void report(@Nullable String problem, SourceLocation location) {
    if (problem != null) {
      problems.add(new DefinitionProblem(problem, location));
    }
  }
}
