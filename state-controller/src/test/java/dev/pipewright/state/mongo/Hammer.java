package dev.pipewright.state.mongo;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.state.store.LogKey;
import dev.pipewright.state.store.Shelf;
import dev.pipewright.state.store.Storage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A process that writes without pause and says on its output what was acknowledged. */
final class Hammer {
  static final RunId RUN = RunId.parse("hammer#1");
  static final String LINE = "one line of output\n";

  private Hammer() {}

  record Blow(int writer, long number) {}

  static LogKey log(int writer) {
    return new LogKey(RUN, new StepPath("writer " + writer));
  }

  public static void main(String[] args) throws InterruptedException {
    Storage storage = MongoStorage.embedded(Path.of(args[0]));
    String round = args[1];
    Thread[] writers = new Thread[4];
    for (int i = 0; i < writers.length; i++) {
      int writer = i;
      writers[i] = Thread.ofVirtual().start(() -> strike(storage, round, writer));
    }
    for (Thread writer : writers) {
      writer.join();
    }
  }

  private static void strike(Storage storage, String round, int writer) {
    Shelf<Blow> shelf = storage.shelf("blows", Blow.class);
    long end = storage.logs().length(log(writer));
    for (long number = 1; number > 0; number++) {
      boolean fresh = shelf.insert(round + "|" + writer + "|" + number, new Blow(writer, number));
      shelf.put("last|" + writer, new Blow(writer, number));
      end = storage.logs().append(log(writer), end, LINE.getBytes(StandardCharsets.UTF_8));
      synchronized (System.out) {
        System.out.println("%d %d %d %s".formatted(writer, number, end, fresh));
        System.out.flush();
      }
    }
  }
}
