package dev.pipewright.protocol.api;

import dev.pipewright.protocol.StepPath;
import java.util.List;

/** A running step wants the values of the secrets it declares. */
public record SecretsRequest(long fence, StepPath path, List<String> names) {
  public SecretsRequest {
    names = List.copyOf(names);
  }
}
