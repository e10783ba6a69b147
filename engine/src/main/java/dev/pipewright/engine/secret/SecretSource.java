package dev.pipewright.engine.secret;

import dev.pipewright.protocol.StepPath;
import java.util.List;
import java.util.Map;

/** Where the values of secrets come from. Thread-safe. */
@FunctionalInterface
public interface SecretSource {

  /**
   * The values of exactly these secrets, for a step that has begun.
   *
   * @param step the step that declares them
   * @param names their names; never empty
   * @throws SecretException naming those that cannot be had, and what to do
   * @throws InterruptedException if the step is cancelled meanwhile
   */
  Map<String, String> values(StepPath step, List<String> names)
      throws SecretException, InterruptedException;
}
