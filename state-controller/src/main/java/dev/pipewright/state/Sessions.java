package dev.pipewright.state;

import dev.pipewright.protocol.api.TokenSelf;
import dev.pipewright.state.Tokens.Identity;
import dev.pipewright.state.store.Shelf;
import dev.pipewright.state.store.Storage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of browsers: each is known by the secret in its cookie, of which only the hash is
 * kept. They are in memory as well, so that asking for one costs no look into the store.
 * Thread-safe.
 */
public final class Sessions {
  /** A session that nobody uses for this long is over. */
  public static final Duration IDLE = Duration.ofHours(12);

  /** No session lasts longer. */
  public static final Duration LONGEST = Duration.ofDays(7);

  /** Nor does one without a token: its role is as old, and nobody tells of somebody's leaving. */
  public static final Duration LONGEST_BY_PROVIDER = Duration.ofHours(12);

  private static final Duration COARSE = Duration.ofMinutes(5);
  private static final int MOST = 5000;

  private final Shelf<SessionRecord> shelf;
  private final Predicate<String> tokenIsGood;
  private final InstantSource clock;
  private final Map<String, SessionRecord> byHash = new ConcurrentHashMap<>();
  private final Set<String> unsaved = ConcurrentHashMap.newKeySet();

  /**
   * @param tokenIsGood whether the token with this hash is believed at this moment
   */
  Sessions(Storage storage, Predicate<String> tokenIsGood, InstantSource clock) {
    this.shelf = storage.shelf("sessions", SessionRecord.class);
    this.tokenIsGood = tokenIsGood;
    this.clock = clock;
    shelf.forEach((id, record) -> byHash.put(record.hash(), record));
  }

  /**
   * Opens a session for a person.
   *
   * @param token the token they showed; null if a provider knows them
   * @return the secret for the cookie, told this once
   */
  public synchronized String open(TokenSelf person, @Nullable String token) {
    String secret = Hashes.newToken("ses");
    Instant now = clock.instant();
    SessionRecord record =
        new SessionRecord(
            Hashes.of(secret),
            person.name(),
            person.role().orElseThrow(() -> new IllegalArgumentException("This is no person.")),
            token == null ? null : Hashes.of(token),
            now,
            now);
    while (byHash.size() >= MOST) {
      byHash.values().stream()
          .min(Comparator.comparing(SessionRecord::seenAt))
          .ifPresent(oldest -> end(oldest.hash()));
    }
    shelf.put(record.hash(), record);
    byHash.put(record.hash(), record);
    return secret;
  }

  /** Who has the session with this secret, if it goes on. */
  public Optional<Identity> identify(String secret) {
    SessionRecord record = byHash.get(Hashes.of(secret));
    Instant now = clock.instant();
    if (record == null || !goesOn(record, now)) {
      return Optional.empty();
    }
    if (record.seenAt().plus(COARSE).isBefore(now)
        && byHash.replace(record.hash(), record, record.seen(now))) {
      unsaved.add(record.hash());
    }
    return Optional.of(new Identity(TokenSelf.person(record.role(), record.name()), 0));
  }

  private boolean goesOn(SessionRecord record, Instant now) {
    String token = record.tokenHash();
    Duration longest = token == null ? LONGEST_BY_PROVIDER : LONGEST;
    return now.isBefore(record.seenAt().plus(IDLE))
        && now.isBefore(record.openedAt().plus(longest))
        && (token == null || tokenIsGood.test(token));
  }

  /** Ends the session with this secret; nothing happens if there is none. */
  public synchronized void close(String secret) {
    end(Hashes.of(secret));
  }

  private void end(String hash) {
    shelf.remove(List.of(hash));
    byHash.remove(hash);
    unsaved.remove(hash);
  }

  /** Removes what is over and writes down what was used. To be called now and then. */
  synchronized void sweep() {
    Instant now = clock.instant();
    byHash.values().stream()
        .filter(record -> !goesOn(record, now))
        .forEach(record -> end(record.hash()));
    for (String hash : List.copyOf(unsaved)) {
      unsaved.remove(hash);
      SessionRecord record = byHash.get(hash);
      if (record != null) {
        shelf.put(hash, record);
      }
    }
  }
}
