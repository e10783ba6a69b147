package dev.pipewright.dsl.definition;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The modifiers of one step, in the order they were written. Of those that can hold only once the
 * last one counts.
 *
 * @param all every modifier
 */
public record Modifiers(List<Modifier> all) {
  /** No modifier. */
  public static final Modifiers NONE = new Modifiers(List.of());

  /**
   * Copies the modifiers.
   *
   * @param all every modifier
   */
  public Modifiers {
    all = List.copyOf(all);
  }

  /**
   * Adds one.
   *
   * @param modifier what to add
   * @return these and the new one
   */
  public Modifiers and(Modifier modifier) {
    List<Modifier> more = new ArrayList<>(all);
    more.add(modifier);
    return new Modifiers(more);
  }

  private <T extends Modifier> Stream<T> every(Class<T> type) {
    return all.stream().filter(type::isInstance).map(type::cast);
  }

  private <T extends Modifier> Optional<T> last(Class<T> type) {
    return every(type).reduce((_, later) -> later);
  }

  /** {@return the limit of one attempt} */
  public Optional<Duration> timeout() {
    return last(Modifier.Timeout.class).map(Modifier.Timeout::limit);
  }

  /** {@return how often the step is tried at the most} */
  public int attempts() {
    return last(Modifier.Attempts.class).map(Modifier.Attempts::total).orElse(1);
  }

  /** {@return the pause before the second attempt} */
  public Duration backoff() {
    return last(Modifier.Attempts.class).map(Modifier.Attempts::backoff).orElse(Duration.ZERO);
  }

  /** {@return whether the container succeeds though this step does not} */
  public boolean allowFailure() {
    return last(Modifier.AllowFailure.class).isPresent();
  }

  /** {@return what runs when the step did not succeed, in order} */
  public List<StepNode> onFailure() {
    return every(Modifier.OnFailure.class).map(Modifier.OnFailure::step).toList();
  }

  /** {@return what runs after the step however it ended, in order} */
  public List<StepNode> ensure() {
    return every(Modifier.Ensure.class).map(Modifier.Ensure::step).toList();
  }

  /** {@return the environment variables the step adds} */
  public Map<String, String> env() {
    Map<String, String> found = new LinkedHashMap<>();
    every(Modifier.Env.class).forEach(env -> found.put(env.name(), env.value()));
    return found;
  }

  /** {@return globs of the files to keep} */
  public List<String> keeps() {
    return every(Modifier.Keeps.class).map(Modifier.Keeps::glob).toList();
  }

  /** {@return the names of the secrets the step may see, each once} */
  public List<String> needs() {
    return every(Modifier.Needs.class).map(Modifier.Needs::secret).distinct().toList();
  }

  /** {@return the locks held while the step runs, each once} */
  public List<String> locks() {
    return every(Modifier.Locks.class).map(Modifier.Locks::lock).distinct().toList();
  }

  /** {@return the image the step runs in, if it is another one than that of the pipeline} */
  public Optional<String> image() {
    return last(Modifier.Image.class).map(Modifier.Image::reference);
  }

  /** {@return the services beside the step} */
  public List<Modifier.With> services() {
    return every(Modifier.With.class).toList();
  }

  /** {@return globs of the test reports to read} */
  public List<String> junit() {
    return every(Modifier.Junit.class).map(Modifier.Junit::glob).toList();
  }

  /** {@return the folders that survive between runs} */
  public List<Modifier.Cache> caches() {
    return every(Modifier.Cache.class).toList();
  }

  /** {@return whether the step is never repeated after an unknown end} */
  public boolean atMostOnce() {
    return last(Modifier.AtMostOnce.class).isPresent();
  }
}
