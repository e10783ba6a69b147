package dev.pipewright.engine.secret;

import dev.pipewright.engine.log.Mask;
import dev.pipewright.engine.log.StepLog;
import dev.pipewright.protocol.StepPath;
import java.util.List;
import java.util.Map;

/**
 * Fetches the secrets of a step and hides them before anybody has them: from then on no step of the
 * run can print them. Holds none.
 */
public final class StepSecrets {
  private StepSecrets() {}

  /**
   * The values a step declares.
   *
   * @param names what it declares; never empty
   * @param log is told once of values that are too short to be hidden
   * @throws SecretException if one cannot be had
   */
  public static Map<String, String> fetch(
      SecretSource source, StepPath step, List<String> names, Mask mask, StepLog log)
      throws SecretException, InterruptedException {
    Map<String, String> values = source.values(step, names);
    for (String name : names) {
      String value = values.get(name);
      if (value == null) {
        throw new SecretException("The secret '" + name + "' was not given.");
      }
      if (value.indexOf('\0') >= 0) {
        throw new SecretException(
            "The secret '%s' holds a zero byte, which no variable can hold.".formatted(name));
      }
    }
    for (String shown : mask.add(values)) {
      log.line(
          "[the secret %s is shorter than four characters and is not masked]".formatted(shown));
    }
    return Map.copyOf(values);
  }
}
