package dev.pipewright.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.state.Questions.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class QuestionsTest {
  private static final Duration NOW = Duration.ZERO;

  private final AtomicReference<Instant> time = new AtomicReference<>(Samples.NOON);
  private final Questions<String, String> questions = new Questions<>(time::get);

  @Test
  void aQuestionOfSomebodyWhoDiedIsOfferedAgainAfterHalfAMinute() {
    assertThat(questions.ask("key", "what?", NOW)).isEmpty();
    Work<String> first = questions.claim(NOW).orElseThrow();
    pass(Duration.ofSeconds(29));
    assertThat(questions.claim(NOW)).isEmpty();

    pass(Duration.ofSeconds(1));
    Work<String> second = questions.claim(NOW).orElseThrow();

    questions.answer("key", first.fence(), "late");
    assertThat(questions.ask("key", "what?", NOW)).isEmpty();
    questions.answer("key", second.fence(), "right");
    assertThat(questions.ask("key", "what?", NOW)).contains("right");
  }

  @Test
  void whoRenewsHoldsAQuestionHoweverLongItTakes() {
    assertThat(questions.ask("key", "what?", NOW)).isEmpty();
    Work<String> held = questions.claim(NOW).orElseThrow();

    for (int i = 0; i < 20; i++) {
      pass(Duration.ofSeconds(25));
      assertThat(questions.renew("key", held.fence())).isTrue();
      assertThat(questions.claim(NOW)).isEmpty();
    }

    questions.answer("key", held.fence(), "at last");
    assertThat(questions.ask("key", "what?", NOW)).contains("at last");
  }

  @Test
  void aQuestionThatWasTakenOverCannotBeRenewed() {
    assertThat(questions.ask("key", "what?", NOW)).isEmpty();
    Work<String> first = questions.claim(NOW).orElseThrow();
    pass(Duration.ofMinutes(1));
    Work<String> second = questions.claim(NOW).orElseThrow();

    assertThat(questions.renew("key", first.fence())).isFalse();
    assertThat(questions.renew("key", second.fence())).isTrue();
    assertThat(questions.renew("another", second.fence())).isFalse();
  }

  private void pass(Duration duration) {
    Instant unused = time.updateAndGet(now -> now.plus(duration));
  }

  @Test
  void aQuestionThatIsGivenBackIsOfferedAtOnce() {
    assertThat(questions.ask("key", "what?", NOW)).isEmpty();
    Work<String> lost = questions.claim(NOW).orElseThrow();

    questions.giveBack("key", lost.fence());

    Work<String> again = questions.claim(NOW).orElseThrow();
    questions.giveBack("key", lost.fence());
    assertThat(questions.claim(NOW)).as("held by another one").isEmpty();
    assertThat(questions.renew("key", again.fence())).isTrue();
  }
}
