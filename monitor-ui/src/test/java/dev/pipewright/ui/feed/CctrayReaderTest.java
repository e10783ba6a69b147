package dev.pipewright.ui.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pipewright.protocol.run.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CctrayReaderTest {
  @Test
  void readsEverythingAProjectSays() throws FeedException {
    List<FeedProject> found =
        read(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <Projects>
              <Project name="shop :: test" activity="Building" lastBuildStatus="Failure"
                  lastBuildLabel="42.1" lastBuildTime="2026-11-28T12:00:00Z"
                  webUrl="https://ci.example.org/shop?a=1&amp;b=2" category="x" strange="y">
                <messages><message text="Ada, Bob" kind="Breakers"/><message text="no" kind="Other"/></messages>
              </Project>
            </Projects>
            """);
    assertThat(found)
        .containsExactly(
            new FeedProject(
                "shop :: test",
                Outcome.FAILED,
                true,
                "42.1",
                Instant.parse("2026-11-28T12:00:00Z"),
                "https://ci.example.org/shop?a=1&b=2",
                "Ada, Bob"));
  }

  @Test
  void whatIsMissingIsLeftOut() throws FeedException {
    assertThat(read("<Projects><Project name='a'/><x><Project/></x></Projects>"))
        .extracting(FeedProject::name, FeedProject::outcome, FeedProject::finishedAt)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("a", null, null),
            org.assertj.core.groups.Tuple.tuple("(no name)", null, null));
    assertThat(read("<Projects/>")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "Success,SUCCEEDED", "Failure,FAILED", "Exception,ERRORED", "Error,ERRORED",
    "failure,FAILED", "Cancelled,CANCELLED", "Unknown,", "Green,"
  })
  void everyStatusHasItsOutcome(String status, Outcome outcome) throws FeedException {
    assertThat(read("<Projects><Project lastBuildStatus='" + status + "'/></Projects>"))
        .singleElement()
        .extracting(FeedProject::outcome)
        .isEqualTo(outcome);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-28T12:00:00Z", "2026-11-28T12:00:00", "2026-11-28T12:00:00.000Z",
        "2026-11-28T12:00:00.0000000+00:00", "2026-11-28T14:00:00+0200", "2026-11-28T14:00:00+02",
        "2026-11-28 12:00:00", "2026-11-28T12:00", "2026-11-28T07:00:00.123456789-05:00"
      })
  void everyFormOfATimeIsRead(String time) {
    assertThat(FeedTime.parse(time))
        .isBetween(Instant.parse("2026-11-28T12:00:00Z"), Instant.parse("2026-11-28T12:00:00.2Z"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yesterday", "2026-13-45T12:00:00Z", "12:00:00"})
  void whatIsNoTimeIsNone(String text) {
    assertThat(FeedTime.parse(text)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"javascript:alert(1)", "data:text/html,x", "/relative", "https://", "ht tp://x/"})
  void onlyWebAddressesAreLinks(String url) throws FeedException {
    assertThat(read("<Projects><Project webUrl='" + url + "'/></Projects>").getFirst().url())
        .isNull();
  }

  @Test
  void entitiesAndOtherDocumentsAreRefused() {
    String bomb =
        "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><Projects><Project name='&b;'/></Projects>";
    refused(bomb, "document type");
    refused(
        "<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>]><Projects><Project name='a'/>&f;</Projects>",
        "document type");
    refused("<!DOCTYPE x SYSTEM 'http://127.0.0.1:1/x.dtd'><Projects/>", "document type");
  }

  @Test
  void aWebPageIsNamedAsOne() {
    refused("<!doctype html><html><body>Log in<br></body></html>", "login");
    refused("<html><head><meta charset=x></head></html>", "login");
  }

  @Test
  void whatIsNotXmlSaysWhere() {
    refused("<Projects>\n<Project name='a'>\n</Projects>", "line 3");
    refused("", "not well-formed");
  }

  @Test
  void aFeedWithoutEndIsRefused() {
    refused("<Projects>" + "<Project/>".repeat(5001) + "</Projects>", "more than 5000");
  }

  @Test
  void longTextsAreCut() throws FeedException {
    assertThat(
            read("<Projects><Project name='" + "x".repeat(100_000) + "'/></Projects>")
                .getFirst()
                .name())
        .hasSize(300);
  }

  private static void refused(String document, String why) {
    assertThatExceptionOfType(FeedException.class)
        .isThrownBy(() -> read(document))
        .withMessageContaining(why);
  }

  private static List<FeedProject> read(String document) throws FeedException {
    return new CctrayReader().read(document.getBytes(StandardCharsets.UTF_8));
  }
}
