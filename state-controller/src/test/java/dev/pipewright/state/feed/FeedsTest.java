package dev.pipewright.state.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.state.feed.Feeds.Selection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which lines a feed has, by what was asked for. */
class FeedsTest {
  private static final PipelineName SHOP = new PipelineName("shop");

  private FeedStory story;

  @BeforeEach
  void open(@TempDir Path folder) throws IOException {
    story = new FeedStory(folder, false);
  }

  private String one(PipelineName name, @Nullable String branch, @Nullable String group) {
    Selection selection = new Selection(false, branch, group);
    return text(story.feeds.one(name, selection).orElseThrow().bytes());
  }

  private String all(boolean stages, @Nullable String branch, @Nullable String group) {
    return text(story.feeds.all(new Selection(stages, branch, group)).bytes());
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void anotherBranchHasItsOwnResult() {
    story.had("shop", Outcome.SUCCEEDED);
    story.let(Happening.FAILED_ON_ANOTHER_BRANCH, "shop");
    assertThat(all(false, null, null)).contains("lastBuildStatus=\"Success\" lastBuildLabel=\"1\"");
    assertThat(all(false, "x", null)).contains("lastBuildStatus=\"Failure\" lastBuildLabel=\"2\"");
    assertThat(all(false, "y", null)).doesNotContain("<Project ");
    assertThat(one(SHOP, "x", null)).contains("lastBuildStatus=\"Failure\"");
  }

  @Test
  void theFeedOfOnePipelineHasALineBeforeTheFirstResult() {
    story.let(Happening.RUNNING_ON_ANOTHER_BRANCH, "shop");
    assertThat(one(SHOP, null, null))
        .contains("activity=\"Sleeping\" lastBuildStatus=\"Unknown\"")
        .contains("lastBuildTime=\"1970-01-01T00:00:00Z\"");
    assertThat(one(SHOP, "x", null)).contains("activity=\"Building\" lastBuildStatus=\"Unknown\"");
    story.let(Happening.RUNNING, "shop");
    assertThat(one(SHOP, null, null))
        .contains("activity=\"Building\" lastBuildStatus=\"Unknown\"")
        .contains("lastBuildTime=\"2026-11-20T12:00:11Z\"");
  }

  @Test
  void aPipelineIsInTheFeedOfItsGroupOnly() {
    story.had("shop", Outcome.SUCCEEDED);
    assertThat(all(false, null, "shop")).contains("<Project name=\"shop\"");
    assertThat(all(false, null, "other")).doesNotContain("<Project ");
    assertThat(one(SHOP, null, "other")).doesNotContain("<Project ");
  }

  @Test
  void manyBranchesDoNotPushTheDefaultBranchOut() {
    story.useDefaultBranch("trunk");
    story.had("shop", "refs/heads/trunk", Outcome.FAILED);
    for (int i = 0; i < 120; i++) {
      story.had("shop", "refs/heads/topic" + i, Outcome.SUCCEEDED);
    }
    assertThat(text(story.feed())).contains("lastBuildStatus=\"Failure\" lastBuildLabel=\"1\"");
  }

  @Test
  void aStageThatIsRedStaysRedWithTheRunItIsFrom() {
    story.hadStage("shop", Outcome.FAILED, Outcome.FAILED);
    story.hadStage("shop", Outcome.SKIPPED, Outcome.FAILED);
    assertThat(all(true, null, null).lines().filter(line -> line.contains("shop :: verify")))
        .singleElement()
        .asString()
        .contains("lastBuildStatus=\"Failure\" lastBuildLabel=\"1\"")
        .contains("webUrl=\"https://ci.example/runs/shop%231\"");
  }

  @Test
  void aStageIsBuildingAlsoWhileAnOlderRunWaits() {
    story.hadStage("shop", Outcome.SUCCEEDED, Outcome.SUCCEEDED);
    story.let(Happening.WAITING_FOR_A_PERSON, "shop");
    assertThat(all(true, null, null)).contains("name=\"shop :: verify\" activity=\"Sleeping\"");
    story.letStageRun("shop");
    assertThat(all(true, null, null)).contains("name=\"shop :: verify\" activity=\"Building\"");
  }
}
