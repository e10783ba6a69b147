package dev.pipewright.engine.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is hidden, what is not, and that it does not matter how output is cut into writes. */
final class MaskTest {
  private static final String SECRET = "s3cr3t/Pa ss+w0rd!ü";
  private final Mask mask = new Mask();

  private void add(String value) {
    mask.add(Map.of("SECRET", value));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** What is shown of a text that is written in pieces of {@code piece} bytes. */
  private String shown(byte[] bytes, int piece) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    MaskedSink sink = new MaskedSink(mask, out::write);
    for (int at = 0; at < bytes.length; at += piece) {
      sink.write(bytes, at, Math.min(piece, bytes.length - at));
    }
    sink.flush();
    return out.toString(StandardCharsets.UTF_8);
  }

  private String shown(String text) {
    String whole = shown(utf8(text), Integer.MAX_VALUE / 2);
    for (int piece = 1; piece < 40; piece++) {
      assertThat(shown(utf8(text), piece)).as("in pieces of %d", piece).isEqualTo(whole);
    }
    return whole;
  }

  @Test
  void a_value_is_hidden_wherever_it_stands() {
    add("hunter2!");

    assertThat(shown("hunter2!, a hunter2!b and hunter2 hunter2!"))
        .isEqualTo("***, a ***b and hunter2 ***");
  }

  @Test
  void without_secrets_everything_passes_at_once() {
    assertThat(shown("nothing to hide")).isEqualTo("nothing to hide");
  }

  @Test
  void of_secrets_in_each_other_the_longest_is_hidden_as_a_whole() {
    add("abcd");
    add("xxabcdyy");
    add("cdyyzz");

    assertThat(shown("abcd-xxabcdyy-xxabcdyyzz-xxabcd-xxabc-"))
        .isEqualTo("***-***-***-xx***-xxabc-");
  }

  @Test
  void a_secret_that_overlaps_itself_leaves_nothing() {
    add("abab");

    assertThat(shown("xababababx abab")).isEqualTo("x***x ***");
  }

  @Test
  void every_line_of_a_multi_line_secret_is_hidden_alone_and_with_other_line_ends() {
    add("first line\n  second line\nx\n");

    assertThat(shown("a first line b")).isEqualTo("a *** b");
    assertThat(shown("second line")).isEqualTo("***");
    assertThat(shown("first line\r\nsecond line\r\n")).isEqualTo("***\r\n***\r\n");
    assertThat(shown("[first line\n  second line\nx]")).isEqualTo("[***]");
    assertThat(shown("x stays, it is too short")).isEqualTo("x stays, it is too short");
  }

  @Test
  void base64_is_hidden_at_every_alignment_and_in_both_alphabets() {
    add(SECRET);
    Base64.Encoder url = Base64.getUrlEncoder().withoutPadding();
    for (Base64.Encoder encoder : List.of(Base64.getEncoder(), url)) {
      for (String around : List.of("", "a", "user:", "ab", "admin:")) {
        String encoded = encoder.encodeToString(utf8(around + SECRET + around));
        String rest = shown(encoded).replace("***", "");
        assertThat(rest.length()).as(encoded).isLessThanOrEqualTo(2 * around.length() + 6);
        assertThat(shown(encoded)).contains("***");
      }
    }
    assertThat(shown(Base64.getEncoder().encodeToString(utf8(SECRET)))).isEqualTo("***");
  }

  @Test
  void base64_that_was_wrapped_into_lines_is_hidden() {
    byte[] key = new byte[600];
    new Random(7).nextBytes(key);
    String value = Base64.getEncoder().encodeToString(key);
    add(value);
    for (int width : new int[] {64, 76}) {
      byte[] newline = utf8("\n");
      String wrapped = Base64.getMimeEncoder(width, newline).encodeToString(utf8(value));
      assertThat(shown(wrapped).replace("***", "").strip()).isEmpty();
    }
    String twice = Base64.getEncoder().encodeToString(utf8("u:" + value + "\n"));
    assertThat(shown(twice).replace("***", "").length()).isLessThan(12);
  }

  @Test
  void url_encoding_is_hidden_with_capital_and_small_digits_and_both_kinds_of_space() {
    add(SECRET);
    String form = URLEncoder.encode(SECRET, StandardCharsets.UTF_8);

    assertThat(shown("?a=" + form + "&b")).isEqualTo("?a=***&b");
    assertThat(shown(form.replace("+", "%20"))).isEqualTo("***");
    assertThat(shown("s3cr3t%2fPa%20ss%2bw0rd%21%c3%bc")).isEqualTo("***");
    assertThat(shown("s3cr3t/Pa%20ss%2Bw0rd%21%C3%BC")).isEqualTo("***");
    assertThat(shown("s3cr3t%2FPa%20ss%2Bw0rd!%C3%BC")).isEqualTo("***");
  }

  @Test
  void escapes_of_json_and_of_a_traced_shell_are_hidden() {
    add("it's \"quoted\" \\ here");

    assertThat(shown("{\"a\":\"it's \\\"quoted\\\" \\\\ here\"}")).isEqualTo("{\"a\":\"***\"}");
    assertThat(shown("+ echo 'it'\\''s \"quoted\" \\ here'")).isEqualTo("+ echo '***'");
  }

  @Test
  void what_is_shorter_than_four_characters_is_not_hidden() {
    assertThat(mask.add(Map.of("SHORT", "abc"))).containsExactly("SHORT");
    assertThat(mask.add(Map.of("SHORT", " abc \n"))).containsExactly("SHORT");
    assertThat(mask.add(Map.of("LONG", "abcd"))).isEmpty();
    assertThat(shown("abc abcd")).isEqualTo("abc ***");
  }

  @Test
  void only_what_may_be_the_beginning_of_a_secret_is_held_back() {
    add("hunter2");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    MaskedSink sink = new MaskedSink(mask, out::write);

    sink.write(utf8("Password: hun"), 0, 13);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("Password: ");
    sink.write(utf8("g"), 0, 1);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("Password: hung");
    sink.write(utf8("hunter"), 0, 6);
    sink.flush();
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("Password: hunghunter");
  }

  @Test
  void a_secret_that_may_go_on_is_marked_at_once_and_by_one_mark() {
    add("hunter2");
    add("hunter2-and-more");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    MaskedSink sink = new MaskedSink(mask, out::write);

    sink.write(utf8("is hunter2"), 0, 10);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("is ***");
    sink.write(utf8("-and-more!"), 0, 10);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("is ***!");
    sink.write(utf8(" hunter2-and"), 0, 12);
    sink.flush();
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("is ***! ***-and");
  }

  @Test
  void a_secret_that_becomes_known_in_the_middle_is_found_from_there_on() {
    add("hunter2");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    MaskedSink sink = new MaskedSink(mask, out::write);

    sink.write(utf8("swordfish hunter"), 0, 16);
    add("swordfish");
    add("hunter2-and-more");
    sink.write(utf8("2-and-more swordfish"), 0, 20);
    sink.flush();
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("swordfish *** ***");
  }

  @Test
  void bytes_that_are_not_text_pass_unchanged() {
    add("hunter2");
    byte[] bytes = new byte[100_000];
    new Random(1).nextBytes(bytes);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    MaskedSink sink = new MaskedSink(mask, out::write);
    for (int at = 0; at < bytes.length; at += 777) {
      sink.write(bytes, at, Math.min(777, bytes.length - at));
    }
    sink.flush();

    assertThat(out.toByteArray()).isEqualTo(bytes);
  }

  @Test
  void the_stream_agrees_with_a_plain_search_on_random_texts() {
    Random random = new Random(42);
    for (int round = 0; round < 300; round++) {
      Mask some = new Mask();
      List<byte[]> values = new ArrayList<>();
      for (int i = 0; i < 1 + random.nextInt(4); i++) {
        String value = word(random, 4 + random.nextInt(5));
        some.add(Map.of("SECRET", value));
        values.addAll(SecretForms.of(value));
      }
      byte[] text = utf8(word(random, 200));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      MaskedSink sink = new MaskedSink(some, out::write);
      for (int at = 0; at < text.length; ) {
        int piece = Math.min(1 + random.nextInt(12), text.length - at);
        sink.write(text, at, piece);
        at += piece;
      }
      sink.flush();
      assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(plainly(text, values));
    }
  }

  private static String word(Random random, int length) {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < length; i++) {
      word.append((char) ('a' + random.nextInt(2)));
    }
    return word.toString();
  }

  /**
   * The rule itself: every byte of every occurrence is hidden; overlapping ones become one mark.
   */
  private static String plainly(byte[] text, List<byte[]> patterns) {
    int[] ends = new int[text.length];
    for (byte[] pattern : patterns) {
      for (int at = 0; at + pattern.length <= text.length; at++) {
        if (Arrays.equals(text, at, at + pattern.length, pattern, 0, pattern.length)) {
          ends[at] = Math.max(ends[at], at + pattern.length);
        }
      }
    }
    StringBuilder shown = new StringBuilder();
    int until = 0;
    for (int i = 0; i < text.length; i++) {
      if (ends[i] > 0) {
        shown.append(i >= until ? "***" : "");
        until = Math.max(until, ends[i]);
      }
      shown.append(i >= until ? String.valueOf((char) text[i]) : "");
    }
    return shown.toString();
  }

  @Test
  void texts_are_masked_and_recognised() {
    add(SECRET);

    assertThat(mask.text("refused: " + SECRET)).isEqualTo("refused: ***");
    assertThat(mask.isShownBy("\"" + SECRET + "\"")).isTrue();
    assertThat(mask.isShownBy("nothing")).isFalse();
    assertThat(mask.textOrNull(null)).isNull();
  }

  @Test
  void a_very_long_secret_is_hidden_and_costs_little_memory() {
    byte[] bytes = new byte[48 * 1024];
    new Random(3).nextBytes(bytes);
    String value = Base64.getMimeEncoder().encodeToString(bytes);
    add(value);
    String encoded = Base64.getEncoder().encodeToString(utf8(value));

    assertThat(shown(utf8("<" + value + ">"), 1000).replaceAll("[*\r\n]", "")).isEqualTo("<>");
    assertThat(shown(utf8(encoded), 1000).replace("***", "").length()).isLessThan(8);
    assertThat(mask.automaton()).isNotNull();
    assertThat(SecretForms.of(value).stream().mapToLong(each -> each.length).sum())
        .isLessThan(1_000_000);
  }
}
