package dev.pipewright.state.feed;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.StepSnapshot;
import dev.pipewright.state.Pipelines;
import dev.pipewright.state.Pipelines.Shown;
import dev.pipewright.state.RunListener;
import dev.pipewright.state.RunRecord;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The cctray feeds as ready bytes. The line of a pipeline is made once per change of that pipeline,
 * the bytes of a feed once per change of any; everything else is served from memory. Thread-safe.
 */
public final class Feeds implements RunListener {
  private static final int MOST_FEEDS = 50;

  private final Pipelines pipelines;
  private final Function<RunId, List<StepSnapshot>> steps;
  private final Cctray cctray;
  private final AtomicLong changes = new AtomicLong();
  private final Map<Selection, Feed> feeds =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Selection, Feed> eldest) {
          return size() > MOST_FEEDS;
        }
      };
  private volatile Feed usual = new Feed(Selection.USUAL);

  /** {@code steps} gives the steps of a run as they stand. */
  public Feeds(Pipelines pipelines, Function<RunId, List<StepSnapshot>> steps, Cctray cctray) {
    this.pipelines = pipelines;
    this.steps = steps;
    this.cctray = cctray;
  }

  /**
   * Which feed.
   *
   * @param branch null for the default branch of each pipeline
   * @param group only pipelines of this group, which is the name of their source; null for all
   */
  public record Selection(boolean withStages, @Nullable String branch, @Nullable String group) {
    /** One line per pipeline, on its default branch. */
    public static final Selection USUAL = new Selection(false, null, null);
  }

  /** A feed as it is sent; {@code etag} has its quotes. */
  public record Ready(byte[] bytes, String etag) {}

  private final class Feed {
    private final Selection selection;
    private final Map<PipelineName, String> lines = new ConcurrentHashMap<>();
    private volatile long madeAt = -1;
    private volatile @Nullable Ready ready;

    private Feed(Selection selection) {
      this.selection = selection;
    }

    private Ready ready() {
      long now = changes.get();
      Ready made = ready;
      return made != null && madeAt == now ? made : make();
    }

    private synchronized Ready make() {
      long now = changes.get();
      Ready made = ready;
      if (made != null && madeAt == now) {
        return made;
      }
      StringBuilder all = new StringBuilder();
      for (PipelineName name : pipelines.names()) {
        all.append(lines.computeIfAbsent(name, any -> lines(any, selection)));
      }
      Ready fresh = asReady(Cctray.document(all.toString()));
      ready = fresh;
      madeAt = now;
      return fresh;
    }
  }

  private static Ready asReady(String document) {
    byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
    return new Ready(bytes, '"' + BlobDigest.of(bytes).hex().substring(0, 32) + '"');
  }

  /** The feed of all pipelines. */
  public Ready all(Selection selection) {
    if (selection.equals(Selection.USUAL)) {
      return usual.ready();
    }
    Feed feed;
    synchronized (feeds) {
      feed = feeds.computeIfAbsent(selection, Feed::new);
    }
    return feed.ready();
  }

  /**
   * The feed of one pipeline, if there is such a pipeline; it always has at least one line, unless
   * the pipeline is of another group.
   */
  public Optional<Ready> one(PipelineName name, Selection selection) {
    return pipelines
        .shown(name)
        .map(
            shown -> {
              String found = lines(shown, selection);
              if (found.isEmpty() && isOf(selection.group(), shown)) {
                found = cctray.unknown(shown, ref(selection, shown));
              }
              return asReady(Cctray.document(found));
            });
  }

  private static boolean isOf(@Nullable String group, Shown shown) {
    return group == null || group.equals(shown.pipeline().source().value());
  }

  private static @Nullable String ref(Selection selection, Shown shown) {
    String branch = selection.branch();
    return branch == null ? shown.defaultRef().orElse(null) : "refs/heads/" + branch;
  }

  private String lines(PipelineName name, Selection selection) {
    return pipelines.shown(name).map(shown -> lines(shown, selection)).orElse("");
  }

  private String lines(Shown shown, Selection selection) {
    if (!isOf(selection.group(), shown)) {
      return "";
    }
    @Nullable String ref = ref(selection, shown);
    String line = cctray.pipeline(shown, ref);
    if (!selection.withStages() || ref == null) {
      return line;
    }
    List<StepSnapshot> live =
        shown.active().stream()
            .filter(run -> run.ref().equals(ref))
            .map(RunSnapshot::id)
            .flatMap(run -> steps.apply(run).stream())
            .toList();
    return line + cctray.stages(shown, ref, live);
  }

  @Override
  public void runChanged(@Nullable RunRecord before, RunRecord after) {
    // What a run changes in a feed is told as a change of its pipeline.
  }

  @Override
  public void pipelineChanged(PipelineName pipeline) {
    usual.lines.remove(pipeline);
    synchronized (feeds) {
      feeds.values().forEach(feed -> feed.lines.remove(pipeline));
    }
    long unused = changes.incrementAndGet();
  }

  @Override
  public void logGrew(RunId run, StepPath step, long length, long count) {
    // Output changes nothing in a feed.
  }
}
