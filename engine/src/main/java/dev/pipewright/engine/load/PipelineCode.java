package dev.pipewright.engine.load;

import dev.pipewright.dsl.Pipeline;
import dev.pipewright.dsl.PipelineDefinition;
import dev.pipewright.dsl.definition.DefinitionProblem;
import dev.pipewright.dsl.definition.SourceLocation;
import dev.pipewright.engine.plan.DefinitionException;
import dev.pipewright.engine.plan.PlanReader;
import dev.pipewright.engine.plan.Planned;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Compiled pipeline code, loaded beside the engine: it sees the language and the JDK first and its
 * own classes and libraries after that, but not the libraries of the engine. Close it when the run
 * is over. Thread-safe.
 */
public final class PipelineCode implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final List<Path> classPath;
  private final URLClassLoader loader;
  private final Duration limit;

  private PipelineCode(List<Path> classPath, URLClassLoader loader, Duration limit) {
    this.classPath = List.copyOf(classPath);
    this.loader = loader;
    this.limit = limit;
  }

  /** Opens folders and jars; nothing is loaded yet. */
  public static PipelineCode open(List<Path> classPath) {
    return open(classPath, LIMIT);
  }

  /** The same with another time limit for each {@code define()} than half a minute. */
  static PipelineCode open(List<Path> classPath, Duration limit) {
    URL[] urls = new URL[classPath.size()];
    for (int i = 0; i < urls.length; i++) {
      try {
        urls[i] = classPath.get(i).toUri().toURL();
      } catch (MalformedURLException e) {
        throw new UncheckedIOException(e);
      }
    }
    ClassLoader parent = new VisibleClasses(PipelineDefinition.class.getClassLoader());
    return new PipelineCode(classPath, new URLClassLoader("pipeline-code", urls, parent), limit);
  }

  /**
   * Binary names of the concrete definitions in the first place of the class path, sorted. Classes
   * that cannot be loaded are no definitions.
   */
  public List<String> definitions() {
    List<String> found = new ArrayList<>();
    for (String name : ClassNames.in(classPath.getFirst())) {
      try {
        Class<?> type = Class.forName(name, false, loader);
        if (PipelineDefinition.class.isAssignableFrom(type)
            && !Modifier.isAbstract(type.getModifiers())) {
          found.add(name);
        }
      } catch (ClassNotFoundException | LinkageError e) {
        // A library may hold classes whose own dependencies are absent; they define no pipeline.
      }
    }
    return found;
  }

  /**
   * Calls {@code define()} and plans what it returns.
   *
   * @param definition binary name of the class
   * @throws DefinitionException with every problem, also if the class cannot be made or throws,
   *     does not return within half a minute, or calls {@code System.exit}
   */
  public Planned plan(String definition) {
    Pipeline pipeline = new DefinitionCall(definition, limit).run(() -> define(definition));
    return PlanReader.read(pipeline, definition);
  }

  private Pipeline define(String definition) {
    try {
      Class<?> type = Class.forName(definition, true, loader);
      Constructor<?> constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      Pipeline pipeline = ((PipelineDefinition) constructor.newInstance()).define();
      if (pipeline == null) {
        throw problem(
            "define() returned null. Return a pipeline.", new SourceLocation(definition, 0));
      }
      return pipeline;
    } catch (NoSuchMethodException e) {
      throw problem(
          "The class needs a constructor without parameters.", new SourceLocation(definition, 0));
    } catch (DefinitionException e) {
      throw e;
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw problem("The constructor threw " + cause + ".", UserFrames.location(cause, definition));
    } catch (Exception | LinkageError | StackOverflowError | OutOfMemoryError | AssertionError e) {
      throw problem("define() threw " + e + ".", UserFrames.location(e, definition));
    }
  }

  private static DefinitionException problem(String message, SourceLocation location) {
    return new DefinitionException(List.of(new DefinitionProblem(message, location)));
  }

  @Override
  public void close() {
    try {
      loader.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Could not close the pipeline code.", e);
    }
  }
}
