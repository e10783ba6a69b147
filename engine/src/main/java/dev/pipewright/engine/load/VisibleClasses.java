package dev.pipewright.engine.load;

/**
 * What pipeline code sees of the process it runs in: the JDK and the classes of Pipewright, but not
 * the libraries that the engine happens to use, so that it can bring its own of any version.
 */
final class VisibleClasses extends ClassLoader {
  private static final String OURS = "dev.pipewright.";

  private final ClassLoader engine;

  VisibleClasses(ClassLoader engine) {
    super("pipewright", ClassLoader.getPlatformClassLoader());
    this.engine = engine;
  }

  /** Asked only for what the JDK does not have. */
  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    if (name.startsWith(OURS)) {
      return engine.loadClass(name);
    }
    throw new ClassNotFoundException(name);
  }
}
