package dev.pipewright.state.feed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class XmlTest {
  @ParameterizedTest
  @CsvSource({
    "a<b>&\"c, a&lt;b&gt;&amp;&quot;c",
    "invoice\u202Egpj.exe, invoice\uFFFDgpj.exe",
    "\u2066a\u2069, \uFFFDa\uFFFD",
    "a\u0001b\uFFFEc, abc",
    "\u05E9\u05DC\u05D5\u05DD \uD83D\uDE00, \u05E9\u05DC\u05D5\u05DD \uD83D\uDE00",
  })
  void textIsEscapedAndShownInTheDirectionItIsWrittenIn(String text, String escaped) {
    assertThat(Xml.escape(text)).isEqualTo(escaped);
  }
}
