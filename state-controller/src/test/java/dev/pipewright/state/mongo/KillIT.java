package dev.pipewright.state.mongo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.state.mongo.Hammer.Blow;
import dev.pipewright.state.store.Shelf;
import dev.pipewright.state.store.Storage;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An acknowledged write survives SIGKILL of the process that holds the database. */
class KillIT {
  private static final int ACKNOWLEDGED = 300;
  private static final int ROUNDS = 4;

  private record Reached(long number, long logEnd) {}

  @Test
  void everyAcknowledgedWriteIsThereAfterKill(@TempDir Path folder) throws Exception {
    for (int round = 1; round <= ROUNDS; round++) {
      killAndLook(folder, "round" + round, ACKNOWLEDGED * round);
    }
  }

  private static void killAndLook(Path folder, String round, int acknowledged) throws Exception {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.pipewright.state.mongo.Hammer",
                folder.toString(),
                round)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    Map<Integer, Reached> reached = new HashMap<>();
    int lines = 0;
    try (BufferedReader output = process.inputReader()) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        String[] words = line.split(" ", -1);
        if (words.length == 4) {
          reached.put(
              Integer.valueOf(words[0]),
              new Reached(Long.parseLong(words[1]), Long.parseLong(words[2])));
          assertThat(words[3]).isEqualTo("true");
        }
        lines++;
        if (lines == acknowledged) {
          assertThat(process.toHandle().destroyForcibly()).isTrue();
        }
      }
    }
    assertThat(process.waitFor()).isNotZero();
    assertThat(reached).hasSize(4);
    try (Storage storage = MongoStorage.embedded(folder)) {
      Shelf<Blow> shelf = storage.shelf("blows", Blow.class);
      reached.forEach(
          (writer, last) -> {
            for (long number = 1; number <= last.number(); number++) {
              assertThat(shelf.find(round + "|" + writer + "|" + number)).isPresent();
            }
            assertThat(shelf.find("last|" + writer).orElseThrow().value().number())
                .isGreaterThanOrEqualTo(last.number());
            assertThat(storage.logs().length(Hammer.log(writer)))
                .isGreaterThanOrEqualTo(last.logEnd());
          });
    }
  }
}
