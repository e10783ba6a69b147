package dev.pipewright.ui.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pipewright.testing.NeedsChromium;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Runs the unit tests of the browser's modules, {@code unit.js}, in the browser. */
@NeedsChromium
class ModulesIT {

  @TestFactory
  List<DynamicTest> modules(@TempDir Path folder) {
    List<DynamicTest> tests = new ArrayList<>();
    try (CannedServer server =
            new CannedServer(InstantSource.system(), folder.resolve("wall.json"), 0);
        Browser browser = new Browser(server.address(), folder.resolve("profile"))) {
      browser.open("/test/unit.html");
      await().until(() -> browser.run("return window.results") instanceof List<?>);
      for (Object result : (List<?>) browser.run("return window.results")) {
        Map<?, ?> values = (Map<?, ?>) result;
        tests.add(
            DynamicTest.dynamicTest(
                String.valueOf(values.get("name")),
                () -> assertThat(values.get("problem")).isNull()));
      }
    }
    assertThat(tests).hasSizeGreaterThan(15);
    return tests;
  }
}
