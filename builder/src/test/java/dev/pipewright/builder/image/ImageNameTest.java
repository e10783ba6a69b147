package dev.pipewright.builder.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageNameTest {
  @ParameterizedTest
  @CsvSource({
    "debian, debian, latest",
    "debian:bookworm-slim, debian, bookworm-slim",
    "host:5000/a/b, host:5000/a/b, latest",
    "host:5000/a/b:1.0, host:5000/a/b, 1.0",
    "host:5000/a/b@sha256:ab, host:5000/a/b, sha256:ab",
    "debian:12@sha256:ab, debian, sha256:ab",
  })
  void oneImageIsNamedForThePull(String reference, String repository, String version) {
    assertThat(ImageName.of(reference)).isEqualTo(new ImageName(repository, version));
  }
}
