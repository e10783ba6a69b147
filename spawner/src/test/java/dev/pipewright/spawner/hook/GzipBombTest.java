package dev.pipewright.spawner.hook;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.pipewright.protocol.api.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Sixteen gigabytes in sixteen megabytes. */
class GzipBombTest {
  private static final int MEMBER = 16 * 1024 * 1024;
  private static final int MEMBERS = 1024;
  private static final long MEMORY = 160L * 1024 * 1024;

  private static byte[] bomb = new byte[0];

  @BeforeAll
  static void makeTheBomb() throws IOException {
    ByteArrayOutputStream member = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(member)) {
      gzip.write(new byte[MEMBER]);
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream(MEMBERS * member.size());
    for (int i = 0; i < MEMBERS; i++) {
      member.writeTo(all);
    }
    bomb = all.toByteArray();
    assertThat(bomb.length).isBetween(10 * 1024 * 1024, 25 * 1024 * 1024);
  }

  @Test
  void aBombOfWhoKnowsTheSecretIsTooLargeAndTakesNoMore() {
    HookHeaders headers = headers(Samples.SECRET);
    long before = allocated();

    Judgement judgement = Samples.judge("github", Samples.SECRET, headers, bomb);

    assertThat(allocated() - before).isLessThan(MEMORY);
    assertThat(judgement).isInstanceOf(Judgement.TooLarge.class);
    assertThat(judgement.receipt().verdict()).isEqualTo(Verdict.REJECTED);
    assertThat(judgement.receipt().reason()).contains("25 MiB");
  }

  @Test
  void aBombOfAStrangerIsNotBelievedAndTakesNoMemory() {
    HookHeaders headers = headers("another secret");
    long before = allocated();

    Judgement judgement = Samples.judge("github", Samples.SECRET, headers, bomb);

    assertThat(allocated() - before).isLessThan(MEMORY / 16);
    assertThat(judgement).isInstanceOf(Judgement.Unauthorized.class);
  }

  private static HookHeaders headers(String secret) {
    return HookHeaders.of(
        List.of(
            Map.entry("Content-Type", "application/json"),
            Map.entry("Content-Encoding", "gzip"),
            Map.entry("X-GitHub-Event", "push"),
            Map.entry("X-Hub-Signature-256", "sha256=" + Samples.hex(bomb, secret))));
  }

  /** All the bytes this thread has ever asked for, be they in use or not. */
  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }
}
