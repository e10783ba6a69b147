package dev.pipewright.engine.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.dsl.Pipeline;
import dev.pipewright.dsl.Pipelines;
import dev.pipewright.dsl.Steps;
import dev.pipewright.dsl.Triggers;
import dev.pipewright.engine.plan.DefinitionException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class DefinitionCallTest {
  private static final Duration AMPLE = Duration.ofSeconds(100);

  @Test
  void aDefinitionThatDoesNotReturnIsRefusedWithItsLine() throws InterruptedException {
    CountDownLatch interrupted = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);

    assertThatThrownBy(
            () ->
                new DefinitionCall("Slow", Duration.ofMillis(1))
                    .run(
                        () -> {
                          try {
                            never.await();
                          } catch (InterruptedException e) {
                            interrupted.countDown();
                          }
                          return empty();
                        }))
        .isInstanceOf(DefinitionException.class)
        .hasMessageContaining("define() did not return within 0 seconds");
    interrupted.await();
  }

  @Test
  void whatADefinitionReturnsOrThrowsIsHandedOn() {
    Pipeline pipeline = empty();

    assertThat(new DefinitionCall("Quick", AMPLE).run(() -> pipeline)).isSameAs(pipeline);
    assertThatThrownBy(
            () ->
                new DefinitionCall("Broken", AMPLE)
                    .run(
                        () -> {
                          throw new IllegalStateException("no");
                        }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no");
  }

  private static Pipeline empty() {
    return Pipelines.pipeline("p").startedBy(Triggers.manually()).runs(Steps.sh("a", "true"));
  }
}
