package dev.pipewright.engine.tests;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.engine.files.WorkspaceFiles;
import dev.pipewright.engine.log.Mask;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.json.TestReportJson;
import dev.pipewright.protocol.run.TestReport;
import dev.pipewright.protocol.run.TestReport.Result;
import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is understood of reports, and that no file can do harm. */
@Timeout(180)
final class TestFilesTest {
  private final Path workspace;
  private final List<String> log = new ArrayList<>();
  private final Mask mask = new Mask();

  TestFilesTest(@TempDir Path workspace) {
    this.workspace = workspace;
  }

  private void file(String name, String content) throws IOException {
    Files.writeString(workspace.resolve(name), content);
  }

  private @Nullable TestReport readOrNull(String... globs) throws IOException {
    return new TestFiles(new WorkspaceFiles(workspace), log::add).read(List.of(globs), mask);
  }

  private TestReport read() throws IOException {
    return requireNonNull(readOrNull("*.xml"));
  }

  private static String text(TestReport.Case test) {
    return test.suite() + "." + test.name() + "=" + test.result() + ":" + test.message();
  }

  @Test
  void surefire_reports_are_read_failed_tests_first() throws IOException {
    file(
        "TEST-a.xml",
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuite xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" name="shop.CartTest" time="1.5" tests="5">
          <properties><property name="java.version" value="25"/></properties>
          <testcase name="adds" classname="shop.CartTest" time="0.25"/>
          <testcase name="pays" classname="shop.CartTest" time="1,000.5">
            <failure message="expected: 1&#10;but was: 2" type="AssertionError"><![CDATA[AssertionError: expected
            at shop.CartTest.pays(CartTest.java:7)]]></failure>
            <system-out><![CDATA[printed]]></system-out>
          </testcase>
          <testcase name="ships" classname="shop.CartTest"><skipped message="not today"/></testcase>
          <testcase name="flaky" classname="shop.CartTest" time="0.1">
            <flakyFailure message="first time">x</flakyFailure></testcase>
          <testcase name="breaks" classname="shop.CartTest" time="0,25">
            <error type="java.lang.NullPointerException"/><rerunFailure>again</rerunFailure></testcase>
        </testsuite>
        """);
    TestReport report = read();

    assertThat(report.cases().stream().map(TestFilesTest::text))
        .containsExactly(
            "shop.CartTest.pays=FAILED:expected: 1",
            "shop.CartTest.breaks=ERRORED:java.lang.NullPointerException",
            "shop.CartTest.adds=PASSED:null",
            "shop.CartTest.flaky=PASSED:null",
            "shop.CartTest.ships=SKIPPED:not today");
    assertThat(report.cases().getFirst().detail())
        .startsWith("AssertionError: expected")
        .endsWith("(CartTest.java:7)");
    assertThat(report.counts())
        .extracting(c -> c.passed(), c -> c.failed(), c -> c.errored(), c -> c.skipped())
        .containsExactly(2, 1, 1, 1);
    assertThat(report.counts().seconds()).isEqualTo(1001.1);
    assertThat(log).isEmpty();
  }

  @Test
  void other_tools_are_understood() throws IOException {
    file(
        "jest.xml",
        """
        <testsuites name="jest tests"><testsuite name="cart"><testsuite name="inner">
        <testcase name="cart adds" time="NaN"><failure>Error: no
            at cart.js:1</failure></testcase></testsuite>
        <testcase name="cart pays"/></testsuite></testsuites>
        """);
    file(
        "google.xml",
        """
        <testsuites><testsuite name="Math">
        <testcase name="Adds" status="run" result="completed" time="0.1" classname="Math"/>
        <testcase name="Old" status="notrun" classname="Math"/>
        <testcase name="Later" status="run" result="skipped" classname="Math"/>
        </testsuite></testsuites>
        """);
    file("ctest.xml", "<testsuite name='c'><testcase name='t' status='fail'/></testsuite>");
    file("single.xml", "<testcase name='alone' classname='x'/>");
    TestReport report = read();

    assertThat(report.cases().stream().map(TestFilesTest::text))
        .containsExactly(
            "c.t=FAILED:null",
            "inner.cart adds=FAILED:Error: no",
            "Math.Adds=PASSED:null",
            "cart.cart pays=PASSED:null",
            "x.alone=PASSED:null",
            "Math.Old=SKIPPED:null",
            "Math.Later=SKIPPED:null");
  }

  @Test
  void a_document_type_is_refused_so_that_nothing_outside_is_read() throws IOException {
    file("secret.txt", "top secret");
    file(
        "a.xml",
        "<!DOCTYPE t [<!ENTITY x SYSTEM '%s'>]><testsuite name='&x;'><testcase name='t'>"
                .formatted(workspace.resolve("secret.txt").toUri())
            + "<failure>&x;</failure></testcase></testsuite>");
    TestReport report = read();

    assertThat(report.cases()).isEmpty();
    assertThat(log).singleElement().asString().contains("a.xml").contains("document type");
  }

  @Test
  void a_billion_laughs_do_not_hurt() throws IOException {
    StringBuilder laughs = new StringBuilder("<!DOCTYPE t [<!ENTITY l0 'ha'>");
    for (int i = 1; i < 10; i++) {
      laughs.append("<!ENTITY l%d '%s'>".formatted(i, ("&l" + (i - 1) + ";").repeat(10)));
    }
    file("a.xml", laughs + "]><testsuite name='&l9;'><testcase name='&l9;'/></testsuite>");

    assertThat(read().counts().total()).isZero();
    assertThat(log).hasSize(1);
  }

  @Test
  void a_file_that_breaks_off_is_named_and_what_it_has_counts() throws IOException {
    file("a.xml", "<testsuite name='s'>\n<testcase name='one'/>\n<testcase name='two'><fail");
    file("b.xml", "this is not XML");
    file("c.xml", "");
    file("d.xml", "<html><body/></html>");
    file("e.xml", "<testsuite name='e'><testcase name='fine'/></testsuite>");
    TestReport report = read();

    assertThat(report.cases().stream().map(TestReport.Case::name)).containsExactly("one", "fine");
    assertThat(log).hasSize(4);
    assertThat(log.getFirst()).contains("a.xml").contains("line 3");
    assertThat(log.getLast())
        .contains("d.xml could not be read: it is not a report")
        .doesNotContain("null");
  }

  @Test
  void control_characters_and_other_encodings_are_read() throws IOException {
    file(
        "a.xml",
        "<testsuite name='s'><testcase name='t'><failure>\u001b[31mred\u001b[0m</failure></testcase></testsuite>");
    Files.write(
        workspace.resolve("b.xml"),
        "<?xml version='1.0' encoding='UTF-16'?><testsuite name='ü'><testcase name='ö'/></testsuite>"
            .getBytes(StandardCharsets.UTF_16));
    Files.write(
        workspace.resolve("c.xml"),
        "<?xml version='1.0' encoding='ISO-8859-1'?><testsuite name='é'><testcase name='è'/></testsuite>"
            .getBytes(StandardCharsets.ISO_8859_1));
    TestReport report = read();

    assertThat(report.cases().stream().map(TestFilesTest::text))
        .containsExactly("s.t=FAILED:?[31mred?[0m", "ü.ö=PASSED:null", "é.è=PASSED:null");
    assertThat(log).isEmpty();
  }

  @Test
  void a_deep_file_is_refused() throws IOException {
    file("a.xml", "<testsuite name='s'>".repeat(100_000));

    assertThat(read().counts().total()).isZero();
    assertThat(log).singleElement().asString().contains("nested too deeply");
  }

  @Test
  void a_file_that_is_too_large_is_refused_unread() throws IOException {
    try (var file =
        Files.newByteChannel(
            workspace.resolve("a.xml"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.position(51L * 1024 * 1024);
      file.write(ByteBuffer.wrap(new byte[1]));
    }
    assertThat(read().counts().total()).isZero();
    assertThat(log).singleElement().asString().contains("larger than 50 MiB");
  }

  @Test
  void long_output_inside_of_a_report_is_read_over_and_kept_shortened() throws IOException {
    try (Writer out = Files.newBufferedWriter(workspace.resolve("a.xml"))) {
      out.write("<testsuite name='s'><testcase name='t'><failure>");
      for (int i = 0; i < 400_000; i++) {
        out.write("&lt;line&gt; &#65;&amp; a long line of output\n");
      }
      out.write("</failure></testcase><testcase name='next'/></testsuite>");
    }
    TestReport report = read();

    assertThat(log).isEmpty();
    assertThat(report.counts().total()).isEqualTo(2);
    assertThat(report.cases().getFirst().detail()).startsWith("<line> A& a").hasSize(8192);
  }

  @Test
  void a_report_holds_at_most_ten_thousand_tests_and_eight_megabytes() throws IOException {
    try (Writer out = Files.newBufferedWriter(workspace.resolve("a.xml"))) {
      out.write("<testsuite name='s'>");
      for (int i = 0; i < 30_000; i++) {
        out.write("<testcase name='p%d'/>".formatted(i));
      }
      for (int i = 0; i < 2_000; i++) {
        out.write(
            "<testcase name='f%d'><failure>%s</failure></testcase>".formatted(i, "ü".repeat(9000)));
      }
      out.write("</testsuite>");
    }
    TestReport report = read();
    byte[] json = TestReportJson.bytes(report, 8_000_000);
    TestReport back = Json.read(json, TestReport.class);

    assertThat(report.cases()).hasSize(10_000);
    assertThat(report.omitted()).isEqualTo(22_000);
    assertThat(report.cases().subList(0, 2000)).allMatch(each -> each.result() == Result.FAILED);
    assertThat(json.length).isLessThanOrEqualTo(8_000_000);
    assertThat(back.counts()).isEqualTo(report.counts());
    assertThat(back.cases().size() + back.omitted()).isEqualTo(32_000);
    byte[] small = TestReportJson.bytes(report, 100_000);
    TestReport shortened = Json.read(small, TestReport.class);
    assertThat(small.length).isLessThanOrEqualTo(100_000);
    assertThat(shortened.cases().size() + shortened.omitted()).isEqualTo(32_000);
  }

  @Test
  void a_small_report_is_written_as_the_reader_of_all_json_expects_it() throws IOException {
    file(
        "a.xml",
        "<testsuite name='s \"q\"'><testcase name='t' time='1'><error message='m'>d</error></testcase></testsuite>");
    TestReport report = read();

    assertThat(Json.read(TestReportJson.bytes(report, 8_000_000), TestReport.class))
        .isEqualTo(report);
  }

  @Test
  void secrets_are_masked_in_names_messages_and_traces() throws IOException {
    mask.add(Map.of("TOKEN", "hunter2"));
    file(
        "a.xml",
        "<testsuite name='hunter2'><testcase name='with hunter2'><failure message='hunter2!'>"
            + "hunter2 at</failure></testcase></testsuite>");

    assertThat(Json.text(read())).doesNotContain("hunter2").contains("with ***");
  }

  @Test
  void no_file_at_all_is_said_and_makes_no_report() throws IOException {
    assertThat(readOrNull("reports/*.xml", "x.xml")).isNull();
    assertThat(log)
        .containsExactly(
            "No file matches reports/*.xml, so there are no test results of it.",
            "No file matches x.xml, so there are no test results of it.");
  }
}
