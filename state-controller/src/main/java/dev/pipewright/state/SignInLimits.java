package dev.pipewright.state;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How often somebody may fail to sign in: so many times per network address, and so many times from
 * everywhere together, within a few minutes. It forgets the addresses that were quiet longest
 * rather than grow. Thread-safe.
 */
public final class SignInLimits {
  /** The time that failures are counted over. */
  public static final Duration WINDOW = Duration.ofMinutes(5);

  static final int PER_ADDRESS = 10;
  static final int IN_ALL = 500;
  private static final int MOST_ADDRESSES = 10_000;
  private static final String EVERYBODY = "";

  private final InstantSource clock;
  private final LinkedHashMap<String, Count> counts = new LinkedHashMap<>(64, 0.75f, true);

  private record Count(Instant since, int failures) {}

  /** Counts on this clock. */
  public SignInLimits(InstantSource clock) {
    this.clock = clock;
  }

  /** How long this address must wait before it may try again; zero if it may now. */
  public synchronized Duration wait(String address) {
    Duration own = wait(counts.get(network(address)), PER_ADDRESS);
    Duration all = wait(counts.get(EVERYBODY), IN_ALL);
    return own.compareTo(all) > 0 ? own : all;
  }

  private Duration wait(@Nullable Count count, int most) {
    Duration left =
        count == null || count.failures() < most
            ? Duration.ZERO
            : Duration.between(clock.instant(), count.since().plus(WINDOW));
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** This address has failed. */
  public synchronized void failed(String address) {
    count(network(address));
    count(EVERYBODY);
    while (counts.size() > MOST_ADDRESSES) {
      Map.Entry<String, Count> quiet = counts.firstEntry();
      counts.remove(quiet.getKey());
    }
  }

  private void count(String key) {
    Instant now = clock.instant();
    Count count = counts.get(key);
    if (count == null || !now.isBefore(count.since().plus(WINDOW))) {
      counts.put(key, new Count(now, 1));
    } else {
      counts.put(key, new Count(count.since(), count.failures() + 1));
    }
  }

  /** How many addresses are remembered. */
  synchronized int remembered() {
    return counts.size();
  }

  /** An IPv6 network as a whole, as whoever has one address of it has all of them. */
  private static String network(String address) {
    try {
      InetAddress parsed = InetAddress.ofLiteral(address);
      return parsed instanceof Inet6Address
          ? Arrays.toString(Arrays.copyOf(parsed.getAddress(), 8))
          : parsed.getHostAddress();
    } catch (IllegalArgumentException e) {
      return address;
    }
  }
}
