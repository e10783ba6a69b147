package dev.pipewright.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestWordTest {
  @ParameterizedTest
  @CsvSource({
    "prt, port",
    "pool, pool",
    "prot, port",
    "hots, host",
    "closed-read, closed-reads",
    "'', host"
  })
  void theWordWithTheFewestChangesIsMeant(String unknown, String meant) {
    assertThat(NearestWord.of(unknown, Set.of("port", "pool", "host", "closed-reads")))
        .isEqualTo(meant);
  }
}
