package dev.pipewright.protocol.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Untrusted JSON read without a fixed form: a missing member, a null and a member of another type
 * are all simply absent. Immutable.
 */
public final class JsonTree {
  private final JsonNode node;

  JsonTree(JsonNode node) {
    this.node = node;
  }

  /** The member {@code name}; an absent tree if there is none. */
  public JsonTree at(String name) {
    return new JsonTree(node.path(name));
  }

  /** The member reached by these names, one below the other. */
  public JsonTree at(String first, String... rest) {
    JsonNode found = node.path(first);
    for (String name : rest) {
      found = found.path(name);
    }
    return new JsonTree(found);
  }

  /** The text, if this is text and not empty. */
  public Optional<String> text() {
    return node.isTextual() && !node.textValue().isEmpty()
        ? Optional.of(node.textValue())
        : Optional.empty();
  }

  /** The text of a string, number or boolean. */
  public Optional<String> scalar() {
    return node.isValueNode() && !node.isNull() ? Optional.of(node.asText()) : Optional.empty();
  }

  /** True for {@code true}, and for a number other than 0. */
  public boolean isTrue() {
    return node.isBoolean() ? node.booleanValue() : node.isNumber() && node.intValue() != 0;
  }

  /** True if this is an object. */
  public boolean isObject() {
    return node.isObject();
  }

  /** True if there is something other than null here. */
  public boolean isPresent() {
    return !node.isMissingNode() && !node.isNull();
  }

  /** The elements, if this is an array; else none. */
  public List<JsonTree> elements() {
    List<JsonTree> found = new ArrayList<>();
    if (node.isArray()) {
      node.forEach(element -> found.add(new JsonTree(element)));
    }
    return found;
  }
}
