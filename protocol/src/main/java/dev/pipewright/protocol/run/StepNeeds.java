package dev.pipewright.protocol.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a step asks of its surroundings.
 *
 * @param secrets names of the secrets it may see
 * @param locks names of the locks held while it runs
 * @param image the container image it runs in; null for that of the run
 * @param services the services beside it, as {@code name=image}
 * @param keeps patterns of the files it keeps
 * @param atMostOnce whether it is never repeated after an unknown end
 */
public record StepNeeds(
    List<String> secrets,
    List<String> locks,
    @Nullable String image,
    List<String> services,
    List<String> keeps,
    boolean atMostOnce) {
  /** Nothing. */
  public static final StepNeeds NONE =
      new StepNeeds(List.of(), List.of(), null, List.of(), List.of(), false);

  public StepNeeds {
    secrets = List.copyOf(secrets);
    locks = List.copyOf(locks);
    services = List.copyOf(services);
    keeps = List.copyOf(keeps);
  }
}
