package dev.pipewright.engine.secret;

import dev.pipewright.protocol.StepPath;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Secrets that are known before the run, as in local runs and in tests. Immutable. */
public final class KnownSecrets implements SecretSource {
  private final Map<String, String> known;
  private final String remedy;

  /**
   * Secrets by name.
   *
   * @param remedy a sentence that says how to give a missing one
   */
  public KnownSecrets(Map<String, String> known, String remedy) {
    this.known = Map.copyOf(known);
    this.remedy = remedy;
  }

  @Override
  public Map<String, String> values(StepPath step, List<String> names) throws SecretException {
    List<String> missing = names.stream().filter(name -> !known.containsKey(name)).toList();
    if (!missing.isEmpty()) {
      throw new SecretException(
          "The step needs %s, which %s not known. %s"
              .formatted(String.join(", ", missing), missing.size() == 1 ? "is" : "are", remedy));
    }
    Map<String, String> values = new LinkedHashMap<>();
    names.forEach(name -> values.put(name, known.getOrDefault(name, "")));
    return values;
  }

  @Override
  public String toString() {
    return "KnownSecrets" + known.keySet();
  }
}
