package dev.pipewright.state;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.SecretSpec;
import dev.pipewright.protocol.api.SecretValues;
import dev.pipewright.protocol.api.SecretView;
import dev.pipewright.protocol.api.SecretsRequest;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.PlanStep;
import dev.pipewright.state.store.Shelf;
import dev.pipewright.state.store.Storage;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The secrets of runs: kept sealed, shown never, released only to the running step that declares
 * them. One for a source goes before one of the same name for all sources. Thread-safe.
 */
public final class Secrets {
  private static final Logger log = LoggerFactory.getLogger(Secrets.class);
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,199}");
  private static final int LARGEST = 64 * 1024;

  private final Shelf<SecretRecord> shelf;
  private final SecretBox box;
  private final Sources sources;
  private final LiveRuns runs;
  private final RunMasks masks;
  private final InstantSource clock;
  private final ConcurrentMap<String, SecretRecord> known = new ConcurrentHashMap<>();

  Secrets(
      Storage storage,
      SecretBox box,
      Sources sources,
      LiveRuns runs,
      RunMasks masks,
      InstantSource clock) {
    this.shelf = storage.shelf("secrets", SecretRecord.class);
    this.box = box;
    this.sources = sources;
    this.runs = runs;
    this.masks = masks;
    this.clock = clock;
    shelf.forEach((id, record) -> known.put(id, renewed(record)));
  }

  /** Sealed with the key of today. */
  private SecretRecord renewed(SecretRecord record) {
    return box.renewed(record.sealed(), record.id())
        .map(
            again -> {
              SecretRecord resealed = record.resealed(again);
              shelf.put(record.id(), resealed);
              return resealed;
            })
        .orElse(record);
  }

  /** All secrets by name, without their values. */
  public Page<SecretView> all() {
    return new Page<>(
        known.values().stream()
            .map(SecretRecord::view)
            .sorted(
                Comparator.comparing(SecretView::name)
                    .thenComparing(view -> view.source() == null ? "" : view.source().value()))
            .toList(),
        null);
  }

  /**
   * Keeps a secret; the same name and source again replaces its value.
   *
   * @throws ApiException MALFORMED for a bad name or value, NOT_FOUND for an unknown source
   */
  public synchronized SecretView set(SecretSpec spec, String by) {
    check(spec);
    SourceName source = spec.source();
    if (source != null) {
      sources.view(source);
    }
    String id = SecretRecord.id(spec.name(), source);
    SecretRecord record =
        new SecretRecord(
            spec.name(), source, box.seal(spec.value(), id), by, clock.instant(), null, null);
    shelf.put(id, record);
    known.put(id, record);
    log.atInfo()
        .addKeyValue("secret", spec.name())
        .addKeyValue("source", source)
        .addKeyValue("by", by)
        .log("Secret was set");
    return record.view();
  }

  private static void check(SecretSpec spec) {
    if (!NAME.matcher(spec.name()).matches()) {
      throw malformed(
          "The name of a secret is made of letters, digits and underscores and begins with no"
              + " digit, as DEPLOY_KEY; this one is '"
              + Limits.shorten(spec.name(), 80)
              + "'.");
    }
    if (spec.value().isEmpty()) {
      throw malformed("The secret '" + spec.name() + "' has no value.");
    }
    if (spec.value().getBytes(StandardCharsets.UTF_8).length > LARGEST) {
      throw new ApiException(
          Problem.Code.TOO_LARGE, "A secret has at most %,d bytes.".formatted(LARGEST));
    }
    if (spec.value().indexOf('\0') >= 0) {
      throw malformed("A secret holds no NUL: steps get it as an environment variable.");
    }
  }

  private static ApiException malformed(String title) {
    return new ApiException(Problem.Code.MALFORMED, title);
  }

  /** Removes a secret; throws NOT_FOUND if there is none. */
  public synchronized void remove(String name, @Nullable SourceName source, String by) {
    String id = SecretRecord.id(name, source);
    if (!known.containsKey(id)) {
      throw new ApiException(
          Problem.Code.NOT_FOUND,
          "There is no secret '%s' for %s."
              .formatted(
                  Limits.shorten(name, 80), source == null ? "all sources" : "source " + source));
    }
    shelf.remove(List.of(id));
    known.remove(id);
    log.atInfo()
        .addKeyValue("secret", name)
        .addKeyValue("source", source)
        .addKeyValue("by", by)
        .log("Secret was removed");
  }

  private @Nullable SecretRecord found(String name, SourceName source) {
    SecretRecord own = known.get(SecretRecord.id(name, source));
    return own == null ? known.get(SecretRecord.id(name, null)) : own;
  }

  /** Why a run cannot begin: it needs secrets that are not known; null if it can. */
  @Nullable String refusal(NewRun order) {
    if (order.isolated() || !order.origin().isVouchedFor()) {
      return null;
    }
    Set<String> needed = new TreeSet<>();
    nodes(order.plan()).forEach(step -> needed.addAll(step.needs().secrets()));
    needed.removeIf(name -> found(name, order.source()) != null);
    return needed.isEmpty() ? null : missing(needed);
  }

  private static String missing(Collection<String> names) {
    String commands =
        names.stream()
            .map(name -> "pipewright secrets set " + name)
            .collect(Collectors.joining(" && "));
    return names.size() == 1
        ? "The secret %s is not known. Set it: %s".formatted(names.iterator().next(), commands)
        : "The secrets %s are not known. Set them: %s"
            .formatted(String.join(", ", names), commands);
  }

  private static Stream<PlanStep> nodes(Plan plan) {
    return plan.steps().stream().flatMap(Secrets::within);
  }

  private static Stream<PlanStep> within(PlanStep step) {
    return Stream.concat(Stream.of(step), RunPlans.inside(step).flatMap(Secrets::within));
  }

  /**
   * Releases secrets to a running step. From then on their values are hidden in what the run sends,
   * which is durable before they are released.
   *
   * @throws ApiException FORBIDDEN if the step is not running or does not declare them, NOT_FOUND
   *     naming those that are not known
   */
  public SecretValues release(RunId id, SecretsRequest wish) {
    RunRecord run = runs.asking(id, wish.fence());
    permit(run, wish);
    SourceName source = run.order().source();
    List<String> missing =
        wish.names().stream().filter(name -> found(name, source) == null).sorted().toList();
    if (!missing.isEmpty()) {
      throw new ApiException(Problem.Code.NOT_FOUND, missing(missing));
    }
    Map<String, String> values = new LinkedHashMap<>();
    synchronized (this) {
      for (String name : wish.names()) {
        SecretRecord record = found(name, source);
        if (record != null) {
          values.put(name, value(record));
          use(record, id);
        }
      }
    }
    masks.released(id, values.values());
    log.atInfo()
        .addKeyValue("run", id)
        .addKeyValue("fence", wish.fence())
        .addKeyValue("step", wish.path())
        .addKeyValue("secrets", values.keySet())
        .log("Secrets were released");
    return new SecretValues(values);
  }

  private String value(SecretRecord record) {
    return box.tryUnseal(record.sealed(), record.id())
        .orElseThrow(
            () ->
                new ApiException(
                    Problem.Code.CONFLICT,
                    "The secret " + record.name() + " was sealed with another master key.",
                    "Set it again, or start the server with that key in"
                        + " PIPEWRIGHT_MASTER_KEY_OLD."));
  }

  private void use(SecretRecord record, RunId by) {
    SecretRecord used = record.used(by, clock.instant());
    shelf.put(used.id(), used);
    known.put(used.id(), used);
  }

  private static void permit(RunRecord run, SecretsRequest wish) {
    if (run.order().isolated()) {
      throw forbidden("A run that builds pipeline code gets no secrets.");
    }
    if (!run.order().origin().isVouchedFor()) {
      throw CommitApprovals.unapproved(
          run,
          "The step '%s' does not get %s".formatted(wish.path(), String.join(", ", wish.names())));
    }
    boolean running =
        run.steps().stream()
            .anyMatch(step -> step.path().equals(wish.path()) && step.state() == Phase.RUNNING);
    if (!running) {
      throw forbidden("The step '" + wish.path() + "' is not running.");
    }
    Set<String> declared =
        nodes(run.plan())
            .filter(step -> wish.path().equals(step.path()))
            .flatMap(step -> step.needs().secrets().stream())
            .collect(Collectors.toSet());
    List<String> undeclared =
        wish.names().stream().filter(name -> !declared.contains(name)).toList();
    if (!undeclared.isEmpty()) {
      throw forbidden(
          "The step '%s' does not declare the secret%s %s."
              .formatted(
                  wish.path(), undeclared.size() == 1 ? "" : "s", String.join(", ", undeclared)));
    }
  }

  private static ApiException forbidden(String title) {
    return new ApiException(Problem.Code.FORBIDDEN, title);
  }
}
