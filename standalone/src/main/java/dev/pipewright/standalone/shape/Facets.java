package dev.pipewright.standalone.shape;

import dev.pipewright.dsl.definition.ConcurrencyNode;
import dev.pipewright.dsl.definition.Modifier;
import dev.pipewright.dsl.definition.Modifiers;
import dev.pipewright.dsl.definition.PipelineNode;
import dev.pipewright.dsl.definition.TriggerNode;
import dev.pipewright.dsl.definition.Word;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is said of a pipeline or a step, by name: its command, image, limits and needs. */
final class Facets {
  /** The facet that lists secrets. */
  static final String SECRETS = "secrets";

  /** The facet that says what a step executes. */
  static final String COMMAND = "command";

  private Facets() {}

  static Map<String, String> of(PipelineNode pipeline) {
    Map<String, String> facets = new LinkedHashMap<>();
    for (TriggerNode trigger : pipeline.triggers()) {
      add(facets, "started by", text(trigger));
    }
    concurrency(pipeline.concurrency(), facets);
    if (pipeline.image() != null) {
      facets.put("image", pipeline.image());
    }
    if (pipeline.resources().memory() != null) {
      facets.put("memory", pipeline.resources().memory());
    }
    if (pipeline.resources().cpus() != null) {
      facets.put("cpus", pipeline.resources().cpus().toString());
    }
    if (pipeline.timeout() != null) {
      facets.put("timeout", duration(pipeline.timeout()));
    }
    new TreeMap<>(pipeline.env()).forEach((name, value) -> add(facets, "env", name + "=" + value));
    return facets;
  }

  private static void concurrency(ConcurrencyNode node, Map<String, String> facets) {
    if (node.atMost() != null) {
      facets.put("at once", "at most " + node.atMost());
    }
    switch (node.superseded()) {
      case KEPT -> {}
      case CANCELLED -> facets.put("superseded", "cancelled unless approved or waiting");
      case CANCELLED_EVEN_WAITING -> facets.put("superseded", "cancelled");
    }
  }

  static Map<String, String> of(Word word, Modifiers modifiers) {
    Map<String, String> facets = new LinkedHashMap<>();
    word(word, facets);
    Map<String, String> env = new TreeMap<>(modifiers.env());
    for (Modifier modifier : modifiers.all()) {
      switch (modifier) {
        case Modifier.Timeout timeout -> facets.put("timeout", duration(timeout.limit()));
        case Modifier.Attempts attempts -> facets.put("attempts", attempts(attempts));
        case Modifier.AllowFailure _ -> facets.put("failure", "allowed");
        case Modifier.Image image -> facets.put("image", image.reference());
        case Modifier.With service ->
            add(facets, "services", service.name() + "=" + service.image());
        case Modifier.Needs needs -> add(facets, SECRETS, needs.secret());
        case Modifier.Locks locks -> add(facets, "locks", locks.lock());
        case Modifier.Keeps keeps -> add(facets, "keeps", keeps.glob());
        case Modifier.Junit junit -> add(facets, "tests", junit.glob());
        case Modifier.Cache cache ->
            add(facets, "cache", cache.key() + " (" + String.join(" ", cache.paths()) + ")");
        case Modifier.AtMostOnce _ -> facets.put("repeated", "at most once");
        case Modifier.OnFailure _, Modifier.Ensure _, Modifier.Env _ -> {}
      }
    }
    env.forEach((name, value) -> add(facets, "env", name + "=" + value));
    return facets;
  }

  private static void word(Word word, Map<String, String> facets) {
    switch (word) {
      case Word.Shell shell -> facets.put(COMMAND, shell.command());
      case Word.Exec exec -> facets.put(COMMAND, String.join(" ", exec.command()));
      case Word.Approval approval -> {
        facets.put("asks", approval.question());
        facets.put(
            "approvers",
            approval.approvers().isEmpty() ? "anybody" : String.join(", ", approval.approvers()));
        if (approval.within() != null) {
          facets.put("within", duration(approval.within()));
        }
      }
      case Word.Downstream downstream -> facets.put("starts", downstream.pipeline());
      case Word.OnBranch onBranch -> facets.put("branch", onBranch.pattern());
      case Word.WithLock withLock -> facets.put("lock", withLock.lock());
      case Word.WithCheckout other -> {
        facets.put("repository", other.url());
        if (other.branch() != null) {
          facets.put("of branch", other.branch());
        }
      }
      case Word.InParallel parallel -> {
        if (parallel.failFast()) {
          facets.put("fail fast", "yes");
        }
        if (parallel.atMost() != null) {
          facets.put("at most", parallel.atMost().toString());
        }
      }
      case Word.Checkout _, Word.Code _, Word.Stage _, Word.AnyOf _, Word.Choose _ -> {}
      case Word.OnlyIf _, Word.Expand _ -> {}
    }
  }

  /** A word for a container without a name, with all that is said of it. */
  static String inWords(Word word, Modifiers modifiers) {
    StringBuilder text = new StringBuilder(word.keyword());
    of(word, modifiers).forEach((name, value) -> text.append(" ").append(named(name, value)));
    return text.toString();
  }

  /** A facet as it is shown beside a step. */
  static String named(String name, String value) {
    return switch (name) {
      case "branch", "lock", "repository" -> value;
      case "failure", "repeated" -> name.equals("failure") ? "failure allowed" : value;
      case "fail fast" -> name;
      case "asks" -> "\"" + value + "\"";
      case "approvers" -> "by " + value;
      case SECRETS -> "needs " + value;
      default -> name + " " + value;
    };
  }

  private static void add(Map<String, String> facets, String name, String value) {
    facets.merge(name, value, (first, second) -> first + ", " + second);
  }

  private static String attempts(Modifier.Attempts attempts) {
    return attempts.backoff().isZero()
        ? Integer.toString(attempts.total())
        : attempts.total() + " with pauses from " + duration(attempts.backoff());
  }

  private static String duration(Duration time) {
    if (time.toMillis() % 1000 != 0) {
      return time.toMillis() + " ms";
    }
    long seconds = time.toSeconds();
    if (seconds % 3600 == 0) {
      return seconds / 3600 + " h";
    }
    return seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s";
  }

  private static String text(TriggerNode trigger) {
    return switch (trigger) {
      case TriggerNode.Push push -> some("push", "push to ", push.branches()) + paths(push.paths());
      case TriggerNode.Tags tags -> some("tags", "tags ", tags.names());
      case TriggerNode.PullRequests pull -> PULL_REQUESTS + paths(pull.paths());
      case TriggerNode.Cron cron ->
          "cron " + cron.expression() + (cron.zone().equals("UTC") ? "" : " " + cron.zone());
      case TriggerNode.Manually _ -> "hand";
    };
  }

  private static String paths(TriggerNode.Paths paths) {
    return some("", " of ", paths.only()) + some("", " ignoring ", paths.ignored());
  }

  /** How a trigger by pull requests is called. */
  static final String PULL_REQUESTS = "pull requests";

  private static String some(String none, String some, List<String> patterns) {
    return patterns.isEmpty() ? none : some + String.join(" ", patterns);
  }
}
