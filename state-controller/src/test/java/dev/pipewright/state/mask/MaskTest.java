package dev.pipewright.state.mask;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskTest {
  private static final String SECRET = "p@ss w/rd+ä~9!";

  private static Mask mask(String... secrets) {
    return Mask.of(List.of(secrets));
  }

  @Test
  void aSecretBecomesAsterisksOfTheSameLength() {
    assertThat(mask("hunter22").text("say hunter22, hunter2")).isEqualTo("say ********, hunter2");
    assertThat(mask("hunter22").text("nothing here")).isSameAs("nothing here");
    assertThat(Mask.of(List.of()).text("hunter22")).isEqualTo("hunter22");
  }

  @Test
  void fragmentsOfFewerThanFourCharactersAreNotHidden() {
    assertThat(mask("abc").text("abc")).isEqualTo("abc");
    assertThat(mask("abc").isEmpty()).isTrue();
    assertThat(mask("abcd\nxy\nefgh").text("abcd xy efgh")).isEqualTo("**** xy ****");
  }

  @Test
  void everyLineOfASecretIsHiddenAndLineEndsStay() {
    String key = "-----BEGIN KEY-----\nMIIEvQIBADANBg\nxyz\n-----END KEY-----\n";
    assertThat(mask(key).text("a MIIEvQIBADANBg b")).isEqualTo("a ************** b");
    String hidden = mask(key).text("x\n" + key + "y");
    assertThat(hidden).doesNotContain("BEGIN").doesNotContain("xyz").startsWith("x\n***");
    assertThat(hidden.lines().count()).isEqualTo(6);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void base64IsHiddenWhereverTheSecretLies(int before) {
    byte[] bytes = ("#".repeat(before) + SECRET + "$$").getBytes(StandardCharsets.UTF_8);
    Mask mask = mask(SECRET);
    for (String encoded :
        List.of(
            Base64.getEncoder().encodeToString(bytes),
            Base64.getUrlEncoder().encodeToString(bytes),
            Base64.getEncoder().withoutPadding().encodeToString(bytes))) {
      String shown = mask.text(encoded);
      assertThat(shown).contains("*".repeat(SECRET.length()));
      assertThat(shown.chars().filter(symbol -> symbol != '*').count())
          .isLessThanOrEqualTo(before * 8L / 6 + 8);
    }
  }

  @Test
  void base64WithLineBreaksIsHidden() {
    String secret = "0123456789abcdef".repeat(20);
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    for (int width : new int[] {76, 64}) {
      String wrapped = Base64.getMimeEncoder(width, new byte[] {'\n'}).encodeToString(bytes);
      assertThat(mask(secret).text(wrapped)).matches("[*\n]+");
    }
  }

  @Test
  void urlFormsAreHidden() {
    String form = URLEncoder.encode(SECRET, StandardCharsets.UTF_8);
    Mask mask = mask(SECRET);
    for (String url :
        List.of(
            form,
            form.replace("+", "%20"),
            lowerHex(form),
            lowerHex(form.replace("+", "%20")),
            "p%40ss%20w%2Frd%2B%C3%A4~9!",
            "p%40ss%20w%2frd%2b%c3%a4~9%21")) {
      assertThat(mask.text("https://x?" + url + "&"))
          .isEqualTo("https://x?" + "*".repeat(url.length()) + "&");
    }
  }

  private static String lowerHex(String url) {
    StringBuilder lower = new StringBuilder();
    for (int i = 0; i < url.length(); i++) {
      boolean hex = i > 0 && (url.charAt(i - 1) == '%' || (i > 1 && url.charAt(i - 2) == '%'));
      String symbol = url.substring(i, i + 1);
      lower.append(hex ? symbol.toLowerCase(Locale.ROOT) : symbol);
    }
    return lower.toString();
  }

  @Test
  void theFormInJsonIsHidden() {
    assertThat(mask("a\"b\\c d").text("{\"x\":\"a\\\"b\\\\c d\"}"))
        .isEqualTo("{\"x\":\"*********\"}");
  }

  @Test
  void secretsThatOverlapOrLieInEachOtherAreAllHidden() {
    assertThat(mask("abcdef", "defghi").text("xabcdefghix")).isEqualTo("x*********x");
    assertThat(mask("abcd", "abcdefgh").text("abcdefgh abcdef")).isEqualTo("******** ****ef");
    assertThat(mask("aaaa").text("aaaaaaaaab")).isEqualTo("*********b");
    assertThat(mask("abcdefgh", "cdef", "efghij").text("abcdefghij")).isEqualTo("**********");
  }

  @Test
  void whatMayGoOnIsKnown() {
    Mask mask = mask("abcdef", "xyzabc");
    assertThat(mask.openFrom("..abc".getBytes(StandardCharsets.UTF_8))).isEqualTo(2);
    assertThat(mask.openFrom("..xyza".getBytes(StandardCharsets.UTF_8))).isEqualTo(2);
    assertThat(mask.openFrom("abcdef".getBytes(StandardCharsets.UTF_8))).isEqualTo(6);
    assertThat(mask.openFrom("abcdea".getBytes(StandardCharsets.UTF_8))).isEqualTo(5);
    assertThat(mask.openFrom(new byte[0])).isZero();
  }

  /** Compares with the plainest way to find out what must be hidden. */
  @Test
  void itHidesWhatALookAtEveryPlaceWouldHide() {
    Random random = new Random(7);
    for (int round = 0; round < 2000; round++) {
      List<String> secrets = List.of(word(random, 4), word(random, 5), word(random, 7));
      byte[] bytes = word(random, 60).getBytes(StandardCharsets.UTF_8);
      byte[] plain = plainly(secrets, bytes);
      boolean changed = Mask.of(secrets).cover(bytes);
      assertThat(new String(bytes, StandardCharsets.UTF_8))
          .isEqualTo(new String(plain, StandardCharsets.UTF_8));
      assertThat(changed).isEqualTo(Arrays.toString(plain).contains("42"));
    }
  }

  private static String word(Random random, int length) {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < length; i++) {
      word.append((char) ('a' + random.nextInt(2)));
    }
    return word.toString();
  }

  private static byte[] plainly(List<String> secrets, byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    byte[] covered = bytes.clone();
    for (String secret : secrets) {
      for (int at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + 1)) {
        Arrays.fill(covered, at, at + secret.length(), (byte) '*');
      }
    }
    return covered;
  }

  @Test
  void itTellsNothingOfWhatItHides() {
    assertThat(mask("hunter22").toString()).doesNotContain("hunter");
  }
}
