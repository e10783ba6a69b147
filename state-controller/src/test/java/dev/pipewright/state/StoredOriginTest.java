package dev.pipewright.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Origin;
import org.junit.jupiter.api.Test;

/** What is read of runs that were stored before there were origins. */
class StoredOriginTest {

  @Test
  void aStoredRunWithoutAnOriginStaysTrusted() {
    NewRun usual = Samples.order("shop", "k1");
    String now = Json.text(usual);
    int origin = now.indexOf(",\"origin\":");
    String old = origin < 0 ? now : now.substring(0, origin) + "}";
    assertThat(Json.read(old, NewRun.class).origin()).isEqualTo(Origin.TRUSTED);
  }
}
