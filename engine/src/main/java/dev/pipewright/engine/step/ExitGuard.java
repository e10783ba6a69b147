package dev.pipewright.engine.step;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

/**
 * Keeps a process whose pipeline code calls {@code System.exit} alive until it has told how its run
 * ended. Whoever runs that code sees the call with {@link #isExiting} and goes on without the
 * thread, which never returns; {@link #exit} ends the process with the exit code of the run instead
 * of the one the code asked for. Thread-safe.
 */
public final class ExitGuard {
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile int exitCode = 1;

  private ExitGuard() {}

  /** Guards this process from now on. */
  public static ExitGuard armed() {
    ExitGuard guard = new ExitGuard();
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("exit guard").unstarted(guard::hold));
    return guard;
  }

  private void hold() {
    if (over.getCount() == 0 || !isHeld()) {
      return;
    }
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(exitCode);
  }

  /** Ends this process, also if code of a pipeline is ending it already. */
  public void exit(int code) {
    exitCode = code;
    over.countDown();
    System.exit(code);
  }

  /** True if this thread has called {@code System.exit}. */
  public static boolean isExiting(Thread thread) {
    return isExiting(thread.getStackTrace());
  }

  /** From where a thread that {@link #isExiting} called it: its frames without those of the JDK. */
  public static StackTraceElement[] caller(Thread thread) {
    return Arrays.stream(thread.getStackTrace())
        .dropWhile(frame -> frame.getClassName().startsWith("java.lang."))
        .toArray(StackTraceElement[]::new);
  }

  private static boolean isExiting(StackTraceElement[] frames) {
    return Arrays.stream(frames)
        .anyMatch(
            frame ->
                frame.getClassName().equals("java.lang.Runtime")
                    && frame.getMethodName().equals("exit"));
  }

  /**
   * True if the process is ending because a step or {@code define()} called {@code System.exit}, so
   * that whoever runs that code deals with it. Meant for shutdown hooks.
   */
  public static boolean isHeld() {
    return Thread.getAllStackTraces().values().stream()
        .anyMatch(
            frames ->
                isExiting(frames)
                    && Arrays.stream(frames)
                        .map(StackTraceElement::getClassName)
                        .anyMatch(ExitGuard::runsCodeOfUsers));
  }

  private static boolean runsCodeOfUsers(String name) {
    return name.startsWith("dev.pipewright.engine.work.")
        || name.startsWith("dev.pipewright.engine.load.");
  }

  /** True if the process is ending because of a signal. Meant for shutdown hooks. */
  public static boolean isSignalled() {
    return Thread.getAllStackTraces().values().stream()
        .flatMap(Arrays::stream)
        .anyMatch(frame -> frame.getClassName().startsWith("jdk.internal.misc.Signal"));
  }
}
