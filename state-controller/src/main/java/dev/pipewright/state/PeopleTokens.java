package dev.pipewright.state;

import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.NewToken;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.TokenSpec;
import dev.pipewright.protocol.api.TokenView;
import dev.pipewright.state.store.Shelf;
import dev.pipewright.state.store.Storage;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokens that were made for people and their programs. Only hashes are kept; all of them are in
 * memory, so that asking for one costs no look into the store. Thread-safe.
 */
public final class PeopleTokens {
  private static final Logger log = LoggerFactory.getLogger(PeopleTokens.class);
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@+-]{0,99}");
  private static final List<String> TAKEN = List.of("admin", "service");
  private static final int MOST = 1000;

  private final Shelf<TokenRecord> shelf;
  private final InstantSource clock;
  private final Map<String, TokenRecord> byHash = new ConcurrentHashMap<>();
  private final Map<String, Instant> uses = new ConcurrentHashMap<>();

  PeopleTokens(Storage storage, InstantSource clock) {
    this.shelf = storage.shelf("peopleTokens", TokenRecord.class);
    this.clock = clock;
    shelf.forEach((id, record) -> byHash.put(record.hash(), record));
  }

  /** Every token by name, also those that have expired. */
  public Page<TokenView> all() {
    return new Page<>(
        byHash.values().stream()
            .map(TokenRecord::view)
            .sorted(Comparator.comparing(TokenView::name))
            .toList(),
        null);
  }

  /**
   * Makes a token.
   *
   * @throws ApiException MALFORMED for a bad name or a time that is over, CONFLICT if the name has
   *     a token already
   */
  public synchronized NewToken add(TokenSpec spec, String by) {
    if (!NAME.matcher(spec.name()).matches() || TAKEN.contains(spec.name())) {
      throw new ApiException(
          Problem.Code.MALFORMED,
          "'" + Limits.shorten(spec.name(), 80) + "' cannot be the name of a token.",
          "A name has up to 100 letters, digits and . _ @ + -, and is neither admin nor service.");
    }
    Instant now = clock.instant();
    if (spec.expires() != null && !now.isBefore(spec.expires())) {
      throw new ApiException(Problem.Code.MALFORMED, "This token would have expired already.");
    }
    if (byHash.size() >= MOST) {
      throw new ApiException(
          Problem.Code.CONFLICT, "There are %,d tokens already.".formatted(MOST), "Remove some.");
    }
    String token = Hashes.newToken("usr");
    TokenRecord record =
        new TokenRecord(spec.name(), spec.role(), Hashes.of(token), by, now, spec.expires(), null);
    if (!shelf.insert(spec.name(), record)) {
      throw new ApiException(
          Problem.Code.CONFLICT,
          "There is a token of the name " + spec.name() + " already.",
          "Remove it first, or take another name.");
    }
    byHash.put(record.hash(), record);
    log.atInfo().addKeyValue("token", spec.name()).addKeyValue("by", by).log("Token was made");
    return new NewToken(record.view(), token);
  }

  /**
   * Removes a token; nothing believes it any more when this returns.
   *
   * @throws ApiException NOT_FOUND if there is none of this name
   */
  public synchronized void remove(String name, String by) {
    TokenRecord record =
        shelf
            .find(name)
            .map(Shelf.Held::value)
            .orElseThrow(
                () ->
                    new ApiException(
                        Problem.Code.NOT_FOUND,
                        "There is no token of the name '" + Limits.shorten(name, 80) + "'."));
    shelf.remove(List.of(name));
    byHash.remove(record.hash());
    uses.remove(name);
    log.atInfo().addKeyValue("token", name).addKeyValue("by", by).log("Token was removed");
  }

  /** The token with this hash, if it is believed now. */
  Optional<TokenRecord> good(String hash) {
    return Optional.ofNullable(byHash.get(hash)).filter(token -> token.isGood(clock.instant()));
  }

  /** The same; and it was used. */
  Optional<TokenRecord> use(String hash) {
    Optional<TokenRecord> found = good(hash);
    found.ifPresent(
        token -> {
          Instant hour = clock.instant().truncatedTo(ChronoUnit.HOURS);
          if (!hour.equals(token.used())) {
            uses.put(token.name(), hour);
          }
        });
    return found;
  }

  /** Writes down which tokens were used. To be called now and then. */
  synchronized void sweep() {
    for (String name : List.copyOf(uses.keySet())) {
      @Nullable Instant hour = uses.remove(name);
      Shelf.@Nullable Held<TokenRecord> held = shelf.find(name).orElse(null);
      if (hour != null && held != null) {
        TokenRecord used = held.value().usedAt(hour);
        shelf.put(name, used);
        byHash.put(used.hash(), used);
      }
    }
  }
}
