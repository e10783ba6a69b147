package dev.pipewright.builder.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MirrorFolderTest {
  private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "a source that is there,        known, P29D,  false",
    "one nobody asks for,           known, P31D,  true",
    "one that is gone,              gone,  PT61M, true",
    "one that goes in this moment,  gone,  PT59M, false",
  })
  void mirrorIsRemovedWhenItIsOfNoUse(String what, String name, Duration idle, boolean removed) {
    List<MirrorFolder> found = List.of(new MirrorFolder(name, NOW.minus(idle)));
    assertThat(MirrorFolder.unneeded(found, Set.of("known"), NOW))
        .as(what)
        .hasSize(removed ? 1 : 0);
  }
}
