package dev.pipewright.standalone.local;

import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * Signals of the operating system. The JDK's own interface to them is not part of its API, so it is
 * reached by reflection; where it is missing, signals keep their usual meaning.
 */
final class Signals {
  private Signals() {}

  /**
   * Calls {@code action} on a thread of its own each time the process gets the signal, instead of
   * what it would do.
   *
   * @param name without SIG, such as {@code INT}
   * @return false if that is not possible here
   */
  static boolean on(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              MethodHandles.lookup().lookupClass().getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  action.run();
                  return null;
                }
                return method.getName().equals("equals") ? self == arguments[0] : self.hashCode();
              });
      Method handle = signal.getMethod("handle", signal, handler);
      handle.invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
      return true;
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      return false;
    }
  }
}
