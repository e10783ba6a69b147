package dev.pipewright.state.metrics;

import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.graphite.Graphite;
import com.codahale.metrics.graphite.GraphiteReporter;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.NamingConvention;
import io.micrometer.core.instrument.dropwizard.DropwizardClock;
import io.micrometer.core.instrument.util.HierarchicalNameMapper;
import io.micrometer.graphite.GraphiteConfig;
import io.micrometer.graphite.GraphiteMeterRegistry;
import io.micrometer.graphite.GraphiteProtocol;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Who gets the numbers: Prometheus, which asks for them, and Graphite, if there is one, to which
 * they are sent. That one is away is logged at every sending and disturbs nothing.
 */
final class Registries implements AutoCloseable {
  private static final Duration LONGEST_CONNECT = Duration.ofSeconds(5);

  private final PrometheusMeterRegistry prometheus =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final MeterRegistry all;

  Registries(@Nullable GraphiteTarget graphite) {
    this.all = graphite == null ? prometheus : with(graphite);
  }

  private MeterRegistry with(GraphiteTarget target) {
    CompositeMeterRegistry both = new CompositeMeterRegistry();
    both.add(prometheus);
    both.add(sender(target));
    return both;
  }

  private static GraphiteMeterRegistry sender(GraphiteTarget target) {
    GraphiteConfig config = config(target);
    MetricRegistry metrics = new MetricRegistry();
    GraphiteMeterRegistry sender =
        new GraphiteMeterRegistry(
            config,
            Clock.SYSTEM,
            (id, convention) -> {
              String name = HierarchicalNameMapper.DEFAULT.toHierarchicalName(id, convention);
              return target.prefix().isEmpty() ? name : target.prefix() + "." + name;
            },
            metrics,
            reporter(target, config, metrics));
    sender.config().namingConvention(new Dotted());
    return sender;
  }

  /** As the registry makes one by itself, except that it gives up to connect after a while. */
  private static GraphiteReporter reporter(
      GraphiteTarget target, GraphiteConfig config, MetricRegistry metrics) {
    Duration connect =
        target.every().compareTo(LONGEST_CONNECT) < 0 ? target.every() : LONGEST_CONNECT;
    return GraphiteReporter.forRegistry(metrics)
        .withClock(new DropwizardClock(Clock.SYSTEM))
        .convertRatesTo(config.rateUnits())
        .convertDurationsTo(config.durationUnits())
        .addMetricAttributesAsTags(config.graphiteTagsEnabled())
        .build(new Graphite(target.host(), target.port(), new BriefSockets(connect)));
  }

  private static GraphiteConfig config(GraphiteTarget target) {
    return new GraphiteConfig() {
      @Override
      public @Nullable String get(String key) {
        return null;
      }

      @Override
      public String host() {
        return target.host();
      }

      @Override
      public int port() {
        return target.port();
      }

      @Override
      public Duration step() {
        return target.every();
      }

      @Override
      public boolean graphiteTagsEnabled() {
        return false;
      }

      @Override
      public GraphiteProtocol protocol() {
        return GraphiteProtocol.PLAINTEXT;
      }
    };
  }

  /** Names as they are, and values of tags without what Graphite takes for a part of the path. */
  private static final class Dotted implements NamingConvention {
    @Override
    public String name(String name, Meter.Type type, @Nullable String baseUnit) {
      return name.replaceAll("[^A-Za-z0-9_.-]", "_");
    }

    @Override
    public String tagKey(String key) {
      return part(key);
    }

    @Override
    public String tagValue(String value) {
      return part(value);
    }

    private static String part(String text) {
      String part = text.replaceAll("[^\\p{L}\\p{N}_-]+", "_");
      return part.isEmpty() ? "_" : part;
    }
  }

  /** Where meters are made. */
  MeterRegistry all() {
    return all;
  }

  /** The numbers as Prometheus reads them. */
  String scrape() {
    return prometheus.scrape();
  }

  @Override
  public void close() {
    all.close();
    prometheus.close();
  }
}
