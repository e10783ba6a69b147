package dev.pipewright.state;

import dev.pipewright.protocol.api.Role;
import dev.pipewright.protocol.api.TokenSelf;
import dev.pipewright.state.store.Shelf;
import dev.pipewright.state.store.Storage;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who a token is. Only hashes are kept. Thread-safe. */
public final class Tokens {
  private static final String ADMIN = "admin";

  private final Shelf<Kept> shelf;
  private final RunTokens runs;
  private final RunBook book;
  private final String serviceToken;
  private final PeopleTokens people;
  private final Sessions sessions;
  private final @Nullable String adminToken;
  private volatile String adminHash;

  /** What is kept of the admin token. */
  record Kept(String hash) {}

  Tokens(Storage storage, RunTokens runs, RunBook book, StateConfig config, InstantSource clock) {
    this.shelf = storage.shelf("tokens", Kept.class);
    this.people = new PeopleTokens(storage, clock);
    this.sessions = new Sessions(storage, this::isGood, clock);
    this.runs = runs;
    this.book = book;
    String service = config.serviceToken();
    this.serviceToken = service == null ? Hashes.newToken("svc") : service;
    Optional<Kept> kept = shelf.find(ADMIN).map(Shelf.Held::value);
    String configured = config.adminToken();
    if (configured == null && kept.isPresent()) {
      this.adminToken = null;
      this.adminHash = kept.get().hash();
    } else {
      this.adminToken = configured == null ? Hashes.newToken("adm") : configured;
      this.adminHash = Hashes.of(adminToken);
      if (configured == null) {
        shelf.put(ADMIN, new Kept(adminHash));
      }
    }
  }

  /** Who a token is, and for a run token the launch it was made for. */
  public record Identity(TokenSelf self, long fence) {}

  /** The owner of this token, if it is believed. */
  public Optional<Identity> identify(String token) {
    String hash = Hashes.of(token);
    if (same(hash, adminHash)) {
      return Optional.of(new Identity(TokenSelf.person(Role.ADMIN, ADMIN), 0));
    }
    if (same(token, serviceToken)) {
      return Optional.of(
          new Identity(new TokenSelf(TokenSelf.Kind.SERVICE, "service", null, null), 0));
    }
    Optional<TokenRecord> person = people.use(hash);
    if (person.isPresent()) {
      return person.map(found -> new Identity(TokenSelf.person(found.role(), found.name()), 0));
    }
    return runs.of(token)
        .map(
            launch ->
                new Identity(
                    new TokenSelf(
                        TokenSelf.Kind.RUN,
                        launch.run().toString(),
                        launch.run(),
                        book.entry(launch.run()).record.order().source()),
                    launch.fence()));
  }

  private boolean isGood(String hash) {
    return same(hash, adminHash) || people.good(hash).isPresent();
  }

  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  /** The tokens that were made for people. */
  public PeopleTokens people() {
    return people;
  }

  /** The sessions of browsers. */
  public Sessions sessions() {
    return sessions;
  }

  /** Removes what is over and writes down what was used. To be called now and then. */
  void sweep() {
    people.sweep();
    sessions.sweep();
  }

  /** The token of Spawners and Builders, made anew at each start unless it is configured. */
  public String serviceToken() {
    return serviceToken;
  }

  /** The admin token, if it was configured or just made; later starts know only its hash. */
  public Optional<String> adminToken() {
    return Optional.ofNullable(adminToken);
  }
}
