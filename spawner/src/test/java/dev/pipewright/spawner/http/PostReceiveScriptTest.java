package dev.pipewright.spawner.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.SourceName;
import java.net.URI;
import org.junit.jupiter.api.Test;

class PostReceiveScriptTest {
  @Test
  void bakesTheAddressOfTheServerIn() {
    String script =
        PostReceiveScript.of(URI.create("https://ci.example/base/"), new SourceName("shop"));

    assertThat(script)
        .startsWith("#!/bin/sh\n")
        .contains("\nurl='https://ci.example/base/hooks/shop'\n")
        .doesNotContain("@URL@");
  }

  @Test
  void quotesWhatAShellWouldTakeForItself() {
    assertThat(PostReceiveScript.quoted("a'$(id)`x`\\")).isEqualTo("'a'\\''$(id)`x`\\'");
  }
}
