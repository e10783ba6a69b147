package dev.pipewright.builder.meta;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TimeZone;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReproducibleZipTest {

  @Test
  void isSameBytesInEveryTimeZone() {
    TreeMap<String, byte[]> files =
        new TreeMap<>(Map.of("b", new byte[] {1, 2}, "a/c", new byte[0]));
    TimeZone before = TimeZone.getDefault();
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Auckland"));
      byte[] there = ReproducibleZip.of(files);
      TimeZone.setDefault(TimeZone.getTimeZone("America/Los_Angeles"));
      assertThat(ReproducibleZip.of(files)).isEqualTo(there);
    } finally {
      TimeZone.setDefault(before);
    }
  }

  @Test
  void builtInBundleHoldsEveryClassOfThePackageAndIsReproducible() {
    byte[] jar = BuiltInBundle.jar();
    assertThat(BuiltInBundle.jar()).isEqualTo(jar);
    String text = new String(jar, java.nio.charset.StandardCharsets.ISO_8859_1);
    for (Class<?> type :
        new Class<?>[] {
          PipelineCodePipeline.class, Fork.TooSlow.class, CompileStep.Problems.class
        }) {
      assertThat(text).contains(type.getName().replace('.', '/') + ".class");
    }
  }
}
