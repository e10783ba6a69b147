package dev.pipewright.state.http;

import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.json.Json;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Reads JSON bodies into records and refuses those that lack a member. */
final class Bodies {
  private Bodies() {}

  /** The body as a {@code type}; throws {@link ProtocolException} naming what is wrong. */
  static <T> T read(byte[] body, Class<T> type) {
    T value = Json.read(body, type);
    check(value, "");
    return value;
  }

  private static void check(@Nullable Object value, String path) {
    if (value instanceof Record) {
      for (RecordComponent component : value.getClass().getRecordComponents()) {
        Object member = member(value, component);
        String name = path + component.getName();
        if (member == null && !component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
          throw new ProtocolException("The member '" + name + "' is missing.");
        }
        check(member, name + ".");
      }
    } else if (value instanceof Collection<?> elements) {
      elements.forEach(element -> check(element, path));
    }
  }

  private static @Nullable Object member(Object record, RecordComponent component) {
    try {
      return component.getAccessor().invoke(record);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("Could not read " + component.getName() + ".", e);
    }
  }
}
