package dev.pipewright.ui.feed;

import dev.pipewright.protocol.run.Outcome;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One project of a feed as it was read. All texts are untrusted and of bounded length.
 *
 * @param outcome its last result; null where the feed says Unknown or a word nobody knows
 * @param building true while it is at work
 * @param label of the last build
 * @param finishedAt when the last build was; null where the feed gives no time that can be read
 * @param url its page; http or https, else null
 * @param breakers who broke it, where the feed says so
 */
public record FeedProject(
    String name,
    @Nullable Outcome outcome,
    boolean building,
    @Nullable String label,
    @Nullable Instant finishedAt,
    @Nullable String url,
    @Nullable String breakers) {}
