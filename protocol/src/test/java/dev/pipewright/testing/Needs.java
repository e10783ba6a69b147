package dev.pipewright.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Decides whether a test can run. What is missing is printed, so that nobody takes a skipped test
 * for a passed one; with {@code PIPEWRIGHT_REQUIRE_ALL_TESTS=true} a missing Docker, Chromium,
 * haproxy, docker-registry or root fails the test instead. A real MongoDB is never required,
 * because not every place can have one.
 */
final class Needs {
  private Needs() {}

  static final class DockerCondition implements ExecutionCondition {
    private static final boolean PRESENT = succeeds("docker", "info");

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return decide(context, PRESENT, "a Docker daemon", true);
    }
  }

  static final class ChromiumCondition implements ExecutionCondition {
    private static final boolean PRESENT =
        Files.isExecutable(Path.of("/usr/bin/chromium"))
            && Files.isExecutable(Path.of("/usr/bin/chromedriver"));

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return decide(context, PRESENT, "Chromium and chromedriver", true);
    }
  }

  static final class HaproxyCondition implements ExecutionCondition {
    private static final boolean PRESENT = Files.isExecutable(Path.of("/usr/sbin/haproxy"));

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return decide(context, PRESENT, "haproxy", true);
    }
  }

  static final class RegistryCondition implements ExecutionCondition {
    private static final boolean PRESENT = Files.isExecutable(LocalRegistry.PROGRAM);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return decide(context, PRESENT, "docker-registry", true);
    }
  }

  static final class RootCondition implements ExecutionCondition {
    private static final boolean PRESENT =
        Files.isReadable(Path.of("/proc/1/net/tcp"))
            && succeeds("/usr/sbin/iptables", "-w", "-S", "DOCKER-USER");

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return decide(context, PRESENT, "root with iptables on the daemon's machine", true);
    }
  }

  static final class MongoCondition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      boolean present = System.getenv("PIPEWRIGHT_TEST_MONGO") != null;
      return decide(context, present, "a MongoDB at PIPEWRIGHT_TEST_MONGO", false);
    }
  }

  private static ConditionEvaluationResult decide(
      ExtensionContext context, boolean present, String what, boolean required) {
    if (present) {
      return ConditionEvaluationResult.enabled("There is " + what + ".");
    }
    if (required && "true".equals(System.getenv("PIPEWRIGHT_REQUIRE_ALL_TESTS"))) {
      return ConditionEvaluationResult.enabled("Required, although there is no " + what + ".");
    }
    System.out.println("LEFT OUT: " + context.getDisplayName() + " needs " + what + ".");
    return ConditionEvaluationResult.disabled("There is no " + what + ".");
  }

  private static boolean succeeds(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return false;
      }
      return process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
