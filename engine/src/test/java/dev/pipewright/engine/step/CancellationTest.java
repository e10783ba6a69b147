package dev.pipewright.engine.step;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CancellationTest {
  private final List<String> heard = new ArrayList<>();

  @Test
  void itReachesChildrenButNotParents() {
    Cancellation root = Cancellation.root();
    Cancellation child = root.child();
    Cancellation grandchild = child.child();

    child.cancel("why");

    assertThat(root.isCancelled()).isFalse();
    assertThat(grandchild.reason()).isEqualTo("why");
  }

  @Test
  void theFirstReasonStays() {
    Cancellation root = Cancellation.root();
    root.cancel("one");
    root.cancel("two");

    assertThat(root.reason()).isEqualTo("one");
  }

  @Test
  void whoListensTooLateIsToldAtOnce() {
    Cancellation root = Cancellation.root();
    root.cancel("why");

    root.onCancel(() -> heard.add("told"));

    assertThat(heard).containsExactly("told");
    assertThat(root.child().isCancelled()).isTrue();
  }

  @Test
  void whoHasStoppedListeningIsNotTold() {
    Cancellation root = Cancellation.root();
    root.onCancel(() -> heard.add("told")).close();
    Cancellation child = root.child();
    child.close();

    root.cancel("why");

    assertThat(heard).isEmpty();
    assertThat(child.isCancelled()).isFalse();
  }

  @Test
  void anInterruptThatComesLateDoesNotOutliveItsWork() {
    Cancellation root = Cancellation.root();
    try (Cancellation.Registration _ = root.interruptingMe()) {
      root.cancel("why");
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }

    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }
}
