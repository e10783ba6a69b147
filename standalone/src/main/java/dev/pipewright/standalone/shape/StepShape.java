package dev.pipewright.standalone.shape;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A step with a name, and all that holds it back.
 *
 * @param path its address
 * @param parent the address of the step around it; empty at the top
 * @param kind the word that made it
 * @param place how it is reached from there: {@code onFailure} or {@code ensure} and the containers
 *     without a name, outermost first
 * @param facets what is said of it, by name
 * @param secrets the secrets it may see
 * @param approvals addresses of the approvals that are always given before it begins
 * @param branches branch patterns all of which must match before it begins
 * @param java whether its body is Java code
 */
public record StepShape(
    String path,
    String parent,
    String kind,
    List<String> place,
    Map<String, String> facets,
    Set<String> secrets,
    Set<String> approvals,
    Set<String> branches,
    boolean java) {

  /** Its own name. */
  String name() {
    return path.substring(parent.isEmpty() ? 0 : parent.length() + 1);
  }
}
