package dev.pipewright.engine.step;

import dev.pipewright.dsl.Output;
import dev.pipewright.dsl.RunFacts;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of the run, for conditions, bodies and the environment of commands.
 *
 * @param pipeline the pipeline's name
 * @param number the run's number
 * @param commit the full hash; empty where there is none
 * @param ref the full ref; empty where there is none
 * @param source the source's name
 * @param parameters what the run was started with
 * @param outputs what its steps left
 */
public record Facts(
    String pipeline,
    long number,
    String commit,
    String ref,
    String source,
    Map<String, String> parameters,
    Outputs outputs)
    implements RunFacts {
  private static final String BRANCHES = "refs/heads/";

  public Facts {
    parameters = Map.copyOf(parameters);
  }

  @Override
  public Optional<String> branch() {
    return ref.startsWith(BRANCHES)
        ? Optional.of(ref.substring(BRANCHES.length()))
        : Optional.empty();
  }

  @Override
  public Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name));
  }

  @Override
  public <T> Optional<T> output(Output<T> output) {
    return outputs.get(output);
  }

  /** All variables a command of the step gets; what is declared never replaces the facts. */
  public Map<String, String> environment(
      String step, Map<String, String> declared, Commands commands) {
    Map<String, String> all = new HashMap<>();
    all.put("PATH", commands.config().path());
    all.put("HOME", commands.config().home());
    all.put("CI", "true");
    all.putAll(declared);
    all.put("PIPEWRIGHT_PIPELINE", pipeline);
    all.put("PIPEWRIGHT_RUN", pipeline + "#" + number);
    all.put("PIPEWRIGHT_NUMBER", Long.toString(number));
    all.put("PIPEWRIGHT_COMMIT", commit);
    all.put("PIPEWRIGHT_REF", ref);
    branch().ifPresent(name -> all.put("PIPEWRIGHT_BRANCH", name));
    all.put("PIPEWRIGHT_SOURCE", source);
    all.put("PIPEWRIGHT_STEP", step);
    all.put("PIPEWRIGHT_WORKSPACE", commands.workspace().toString());
    return all;
  }
}
