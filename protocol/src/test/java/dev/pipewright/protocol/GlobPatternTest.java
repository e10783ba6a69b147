package dev.pipewright.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobPatternTest {

  @ParameterizedTest
  @CsvSource({
    "main,main,true",
    "main,maine,false",
    "release/*,release/1.2,true",
    "release/*,release/1/2,false",
    "release/**,release/1/2,true",
    "**,a/b/c,true",
    "*,a/b,false",
    "v?.*,v1.25,true",
    "v?.*,v12.5,false",
    "a.c,abc,false",
    "$(touch x)&;|,$(touch x)&;|,true"
  })
  void matchesTheWholeName(String pattern, String text, boolean matches) {
    assertThat(new GlobPattern(pattern).matches(text)).isEqualTo(matches);
  }

  @Test
  void hostilePatternsAreMatchedInBoundedTime() {
    GlobPattern pattern = new GlobPattern("*a".repeat(200) + "b");
    Assertions.assertTimeout(
        Duration.ofSeconds(2), () -> assertThat(pattern.matches("a".repeat(5000))).isFalse());
  }
}
