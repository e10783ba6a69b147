package dev.pipewright.state.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CorsOriginsTest {
  @Test
  void aListHasCommasAndMayBeEmpty() {
    assertThat(CorsOrigins.of("")).isEqualTo(CorsOrigins.NONE);
    assertThat(
            CorsOrigins.of("https://Wall.example , http://10.0.0.7:8080,http://[::1]:9").origins())
        .isEqualTo(Set.of("https://wall.example", "http://10.0.0.7:8080", "http://[::1]:9"));
    assertThat(CorsOrigins.of("*").varies()).isFalse();
    assertThat(CorsOrigins.of("https://wall.example").varies()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wall.example",
        "https://wall.example/",
        "https://wall.example/cctray",
        "https://*.example",
        "null",
        "*,https://wall.example",
        "https://user@wall.example",
        "ftp://wall.example",
      })
  void whatIsNoOriginIsRefusedWithAnExample(String list) {
    assertThatThrownBy(() -> CorsOrigins.of(list))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--cors-origins takes origins like https://wall.example");
  }
}
