package dev.pipewright.ui.wall;

import dev.pipewright.protocol.GlobPattern;
import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.ui.feed.FeedSpec;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Everything the file of the wall says: the wall itself, its other views, and the feeds of other
 * servers with what is needed to read them. Only {@link WallSettings} may leave the server.
 *
 * @param main the wall at {@code /wall}
 * @param views those at {@code /wall/NAME}, by name
 */
public record WallPlan(WallSettings main, Map<String, WallSettings> views, List<FeedSpec> feeds) {
  private static final int MOST_FEEDS = 50;
  private static final int MOST_VIEWS = 50;
  private static final Pattern VIEW = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");

  public WallPlan {
    views = Map.copyOf(views);
    feeds = List.copyOf(feeds);
  }

  /** A wall without a file. */
  static WallPlan defaults() {
    return new WallPlan(WallSettings.defaults(), Map.of(), List.of());
  }

  /** The settings of a view; of the wall itself if {@code name} is null. */
  public Optional<WallSettings> view(@Nullable String name) {
    return name == null ? Optional.of(main) : Optional.ofNullable(views.get(name));
  }

  /** The feeds a wall with these settings shows, in the order of the file. */
  public List<FeedSpec> feedsOf(WallSettings settings) {
    return feeds.stream().filter(feed -> settings.feeds().contains(feed.name())).toList();
  }

  /** A wall as a person writes it: what is left out is as in the wall around it. */
  record WrittenView(
      @Nullable String title,
      @Nullable List<GlobPattern> show,
      @Nullable List<GlobPattern> hide,
      @Nullable WallOrder order,
      @Nullable List<String> strip,
      @Nullable List<WallGroup> groups,
      @Nullable List<String> feeds,
      @Nullable Boolean own) {

    WallSettings over(WallSettings base, Set<String> known) {
      if (feeds != null) {
        feeds.stream()
            .filter(name -> !known.contains(name))
            .findFirst()
            .ifPresent(
                name -> {
                  throw new ProtocolException("There is no feed of the name \"" + name + "\".");
                });
      }
      return new WallSettings(
          or(title, base.title()),
          or(show, base.show()),
          or(hide, base.hide()),
          or(order, base.order()),
          or(strip, base.strip()),
          or(groups, base.groups()),
          or(feeds, base.feeds()),
          or(own, base.own()));
    }

    private static <T> T or(@Nullable T given, T otherwise) {
      return given == null ? otherwise : given;
    }
  }

  /** The file as a person writes it. */
  record Written(
      @Nullable String title,
      @Nullable List<GlobPattern> show,
      @Nullable List<GlobPattern> hide,
      @Nullable WallOrder order,
      @Nullable List<String> strip,
      @Nullable List<WallGroup> groups,
      @Nullable Boolean own,
      @Nullable List<FeedSpec> feeds,
      @Nullable Map<String, WrittenView> views) {

    WallPlan plan() {
      List<FeedSpec> all = feeds == null ? List.of() : feeds;
      Set<String> names = namesOf(all);
      WrittenView mine =
          new WrittenView(title, show, hide, order, strip, groups, List.copyOf(names), own);
      WallSettings main = mine.over(WallSettings.defaults(), names);
      Map<String, WallSettings> found = new LinkedHashMap<>();
      Map<String, WrittenView> given = views == null ? Map.of() : views;
      if (given.size() > MOST_VIEWS) {
        throw new ProtocolException("\"views\" has at most " + MOST_VIEWS + " entries.");
      }
      given.forEach(
          (name, view) -> {
            if (!VIEW.matcher(name).matches()) {
              throw new ProtocolException(
                  "The name of a view has 1 to 40 small letters, digits and dashes.");
            }
            found.put(name, view.over(main, names));
          });
      return new WallPlan(main, found, all);
    }

    private static Set<String> namesOf(List<FeedSpec> feeds) {
      if (feeds.size() > MOST_FEEDS) {
        throw new ProtocolException("\"feeds\" has at most " + MOST_FEEDS + " entries.");
      }
      Set<String> names = new HashSet<>();
      for (FeedSpec feed : feeds) {
        if (!names.add(feed.name())) {
          throw new ProtocolException("Two feeds have the name \"" + feed.name() + "\".");
        }
      }
      return names;
    }
  }
}
