package dev.pipewright.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.LogTime;
import dev.pipewright.state.mask.Mask;
import dev.pipewright.state.store.LogGapException;
import dev.pipewright.state.store.LogKey;
import dev.pipewright.state.store.LogStore;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class OutputMaskTest {
  private static final String SECRET = "hunter22-and-more";

  private static final LogKey LOG = new LogKey(RunId.parse("shop#1"), Samples.LINT);

  private final Output stored = new Output();

  /** Stored output of one step in memory. */
  private static final class Output implements LogStore {
    private byte[] bytes = new byte[0];
    private int overwritten;

    @Override
    public long length(LogKey log) {
      return bytes.length;
    }

    @Override
    public byte[] read(LogKey log, long offset, int limit) {
      return Arrays.copyOfRange(bytes, (int) offset, (int) Math.min(bytes.length, offset + limit));
    }

    @Override
    public void overwrite(LogKey log, long offset, byte[] with) {
      System.arraycopy(with, 0, bytes, (int) offset, with.length);
      overwritten++;
    }

    @Override
    public long append(LogKey log, long offset, byte[] more) {
      if (offset > bytes.length) {
        throw new LogGapException(bytes.length);
      }
      int known = (int) Math.min(bytes.length - offset, more.length);
      int end = bytes.length;
      bytes = Arrays.copyOf(bytes, end + more.length - known);
      System.arraycopy(more, known, bytes, end, more.length - known);
      return bytes.length;
    }

    @Override
    public void note(LogKey log, LogTime time) {
      throw new UnsupportedOperationException("No mask notes times.");
    }

    @Override
    public List<LogTime> times(LogKey log, long from, int limit) {
      return List.of();
    }

    @Override
    public void remove(LogKey log) {
      bytes = new byte[0];
    }

    String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  private static OutputMask fresh() {
    return new OutputMask(Mask.of(List.of(SECRET)));
  }

  private void send(OutputMask mask, long offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    assertThat(mask.append(stored, LOG, offset, bytes)).isEqualTo(stored.bytes.length);
  }

  @Test
  void aSecretCutAtAnyPlaceIsHidden() {
    for (int cut = 1; cut < SECRET.length(); cut++) {
      Output output = new Output();
      OutputMask mask = fresh();
      String text = "key=" + SECRET + "\n";
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      int at = 4 + cut;
      mask.append(output, LOG, 0, Arrays.copyOf(bytes, at));
      mask.append(output, LOG, at, Arrays.copyOfRange(bytes, at, bytes.length));
      assertThat(output.text()).isEqualTo("key=" + "*".repeat(SECRET.length()) + "\n");
    }
  }

  @Test
  void aSecretSentByteByByteIsHidden() {
    OutputMask mask = fresh();
    String text = "a " + SECRET + " b";
    for (int i = 0; i < text.length(); i++) {
      send(mask, i, text.substring(i, i + 1));
    }
    assertThat(stored.text()).isEqualTo("a " + "*".repeat(SECRET.length()) + " b");
  }

  @Test
  void aRestartBetweenTheHalvesChangesNothing() {
    send(fresh(), 0, "a hunter22");
    send(fresh(), 10, "-and-more b");
    assertThat(stored.text()).isEqualTo("a " + "*".repeat(SECRET.length()) + " b");
  }

  @Test
  void whatIsSentAgainIsPassedOver() {
    OutputMask mask = fresh();
    send(mask, 0, "a hunter22");
    send(mask, 0, "a hunter22");
    send(mask, 5, "ter22-and-more b");
    send(mask, 0, "a hunter22-and-more b");
    assertThat(stored.text()).isEqualTo("a " + "*".repeat(SECRET.length()) + " b");
  }

  @Test
  void aGapIsStillAGap() {
    OutputMask mask = fresh();
    Assertions.assertThatThrownBy(() -> send(mask, 7, "x")).isInstanceOf(LogGapException.class);
  }

  @Test
  void storedOutputIsOnlyTouchedForASecret() {
    OutputMask mask = fresh();
    send(mask, 0, "hunt and ");
    send(mask, 9, "hunt and hun");
    send(mask, 21, "dred\n");
    assertThat(stored.text()).isEqualTo("hunt and hunt and hundred\n");
    assertThat(stored.overwritten).isZero();
  }

  @Test
  void anyCutsOfAnyOutputHideTheSame() {
    Random random = new Random(3);
    Mask all = Mask.of(List.of("abab", "babba", "aabbaab"));
    for (int round = 0; round < 500; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 80; i++) {
        text.append((char) ('a' + random.nextInt(2)));
      }
      Output output = new Output();
      OutputMask mask = new OutputMask(all);
      byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
      for (int at = 0; at < bytes.length; ) {
        int end = Math.min(bytes.length, at + 1 + random.nextInt(9));
        mask.append(output, LOG, at, Arrays.copyOfRange(bytes, at, end));
        at = end;
      }
      assertThat(output.text()).isEqualTo(all.text(text.toString()));
    }
  }
}
