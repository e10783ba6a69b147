package dev.pipewright.engine.step;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutOfMemoryTest {
  private final Path counter;

  OutOfMemoryTest(@TempDir Path folder) {
    this.counter = folder.resolve("memory.events");
  }

  @BeforeEach
  void somethingWasKilledLongAgo() throws IOException {
    count(2);
  }

  private void count(int kills) throws IOException {
    Files.writeString(counter, "low 0\noom 7\noom_kill " + kills + "\n");
  }

  @Test
  void aKillThatTheKernelCountedIsToldOnce() throws IOException {
    OutOfMemory memory = new OutOfMemory(List.of(counter.resolveSibling("none"), counter));
    assertThatCode(() -> memory.check(137)).doesNotThrowAnyException();

    count(3);

    assertThatCode(() -> memory.check(1)).doesNotThrowAnyException();
    assertThatThrownBy(() -> memory.check(137))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("out of memory")
        .hasMessageContaining("--memory");
    assertThatCode(() -> memory.check(137)).doesNotThrowAnyException();
  }

  @Test
  void whereNobodyCountsAKillIsAKill() {
    OutOfMemory memory = new OutOfMemory(List.of(counter.resolveSibling("none")));

    assertThatCode(() -> memory.check(137)).doesNotThrowAnyException();
  }
}
