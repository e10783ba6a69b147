package dev.pipewright.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentifiersTest {

  @Test
  void aRunIdIsReadAsItIsWritten() {
    RunId run = RunId.parse("shop :: pipeline code#42");
    assertThat(run.pipeline().isCode()).isTrue();
    assertThat(RunId.parse(run.toString())).isEqualTo(run);
    assertThat(run.urlSegment()).isEqualTo("shop%20%3A%3A%20pipeline%20code%2342");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"shop", "shop#", "shop#0", "shop#-1", "shop#x", "#1", "a/b#1", "sh\u0007op#1"})
  void aTextThatIsNoRunIdIsRefusedWithTheExpectedForm(String text) {
    assertThatThrownBy(() -> RunId.parse(text)).isInstanceOf(ProtocolException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a//b", "/a", "a/", "a/../b", ".", "a\nb"})
  void aTextThatIsNoStepPathIsRefused(String text) {
    assertThatThrownBy(() -> new StepPath(text)).isInstanceOf(ProtocolException.class);
  }

  @Test
  void aStepNameOfTenThousandCharactersIsRefusedAndNotRepeatedInTheMessage() {
    assertThatThrownBy(() -> StepPath.of("x".repeat(10_000)))
        .hasMessageContaining("10000")
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
  }

  @Test
  void aStepPathIsEncodedNameByName() {
    assertThat(StepPath.of("a b").child("c?d").urlSegments()).isEqualTo("a%20b/c%3Fd");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000000000000000000000000000000000000000",
        "abc",
        "--upload-pack=touch pwned",
        "366701FDE727CB7A9E7F21EB88264F59F6F9B89C"
      })
  void onlyFullHashesAreCommits(String text) {
    assertThatThrownBy(() -> new CommitId(text)).isInstanceOf(ProtocolException.class);
  }

  @Test
  void theDigestOfNothingIsTheKnownOne() {
    assertThat(BlobDigest.of(new byte[0]).hex())
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  }

  @Test
  void theNameOfTheCodePipelineIsReserved() {
    assertThat(PipelineName.codeOf(new SourceName("shop")).value())
        .isEqualTo("shop :: pipeline code");
    assertThatThrownBy(() -> new PipelineName("shop :: unit"))
        .isInstanceOf(ProtocolException.class);
  }
}
