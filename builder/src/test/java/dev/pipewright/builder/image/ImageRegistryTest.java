package dev.pipewright.builder.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageRegistryTest {
  private static final String DIGEST = "sha256:" + "0".repeat(64);

  @Test
  void prefixComesBeforeTheNameOfTheImage() {
    ImageRegistry registry = ImageRegistry.at("registry.example.com:5000/a/b", false, null, null);
    assertThat(registry.pinned(DIGEST))
        .isEqualTo("registry.example.com:5000/a/b/pipewright-runtime@" + DIGEST);
    assertThat(ImageRegistry.at("registry.example.com", false, null, null).tagged("1"))
        .isEqualTo("registry.example.com/pipewright-runtime:1");
  }

  @Test
  void plainHttpIsForLoopbackOrOnDemand() {
    assertThat(ImageRegistry.at("127.0.0.1:5000/ci", false, null, null).plainHttp()).isTrue();
    assertThat(ImageRegistry.at("localhost:5000", false, null, null).plainHttp()).isTrue();
    assertThat(ImageRegistry.at("127.example.com", false, null, null).plainHttp()).isFalse();
    assertThat(ImageRegistry.at("10.0.0.1:5000", false, null, null).plainHttp()).isFalse();
    assertThat(ImageRegistry.at("10.0.0.1:5000", true, null, null).plainHttp()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://registry.example.com", "", "host/Upper", "host:port", "a b", "h/"})
  void whatIsNoPlaceIsRefused(String place) {
    assertThatThrownBy(() -> ImageRegistry.at(place, false, null, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("HOST:PORT/PREFIX");
  }

  @Test
  void userWithoutPasswordIsRefused() {
    assertThatThrownBy(() -> ImageRegistry.at("registry.example.com", false, "me", null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PIPEWRIGHT_REGISTRY_PASSWORD");
  }
}
