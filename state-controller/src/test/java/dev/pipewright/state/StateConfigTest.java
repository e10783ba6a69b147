package dev.pipewright.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateConfigTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "admin", "nineteen-characters", "twenty characters and blanks"})
  void aTokenThatCouldBeGuessedIsRefusedWithAWayToABetterOne(String token) {
    assertThatThrownBy(() -> StateConfig.from(Map.of("PIPEWRIGHT_ADMIN_TOKEN", token)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PIPEWRIGHT_ADMIN_TOKEN must have at least 20 characters")
        .hasMessageContaining("openssl rand -hex 24");
  }

  @Test
  void aLongTokenOrNoneIsTaken() {
    String token = "a-token-of-20-letter";
    assertThat(StateConfig.from(Map.of("PIPEWRIGHT_ADMIN_TOKEN", token)).adminToken())
        .isEqualTo(token);
    assertThat(StateConfig.from(Map.of()).adminToken()).isNull();
  }
}
