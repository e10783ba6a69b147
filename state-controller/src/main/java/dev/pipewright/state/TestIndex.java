package dev.pipewright.state;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.run.TestReport.Case;
import dev.pipewright.protocol.run.TestReport.Result;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which tests a report holds and how they ended, in a few bytes for each: names are kept as a part
 * of their hash. Immutable.
 */
final class TestIndex {
  private final long[] names;
  private final Result[] results;
  private final float[] seconds;

  /** How a test ended. */
  record Found(Result result, double seconds) {}

  private record Row(long name, Result result, float seconds) {}

  private TestIndex(List<Row> rows) {
    names = new long[rows.size()];
    results = new Result[rows.size()];
    seconds = new float[rows.size()];
    for (int i = 0; i < rows.size(); i++) {
      names[i] = rows.get(i).name();
      results[i] = rows.get(i).result();
      seconds[i] = rows.get(i).seconds();
    }
  }

  /** The index of these tests; of several with one name the worst counts. */
  static TestIndex of(List<Case> cases) {
    List<Row> sorted =
        cases.stream()
            .map(one -> new Row(hash(one.suite(), one.name()), one.result(), (float) one.seconds()))
            .sorted(Comparator.comparingLong(Row::name).thenComparing(Row::result))
            .toList();
    return new TestIndex(
        java.util.stream.IntStream.range(0, sorted.size())
            .filter(i -> i == 0 || sorted.get(i).name() != sorted.get(i - 1).name())
            .mapToObj(sorted::get)
            .toList());
  }

  private static long hash(String suite, String name) {
    byte[] both = (suite.length() + "|" + suite + "|" + name).getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.wrap(BlobDigest.sha256().digest(both)).getLong();
  }

  /** How the test with this name ended, if it is there. */
  Optional<Found> find(String suite, String name) {
    int at = Arrays.binarySearch(names, hash(suite, name));
    return at < 0 ? Optional.empty() : Optional.of(new Found(results[at], seconds[at]));
  }
}
