package dev.pipewright.spawner.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a daemon's options say about users. */
class GapsTest {
  @Test
  void usersAreMappedByRemappingOrByADaemonWithoutRoot() {
    assertThat(Gaps.isMapped(List.of("name=seccomp,profile=default", "name=userns"))).isTrue();
    assertThat(Gaps.isMapped(List.of("name=seccomp,profile=default", "name=rootless"))).isTrue();
    assertThat(Gaps.isMapped(List.of("name=apparmor", "name=seccomp,profile=default"))).isFalse();
    assertThat(Gaps.isMapped(List.of())).isFalse();
  }

  @Test
  void whatDoesNotHoldIsToldInOneLine() {
    assertThat(Gaps.joined(null, "a", null, "b")).isEqualTo("a; b");
    assertThat(Gaps.joined(null, null)).isNull();
  }
}
