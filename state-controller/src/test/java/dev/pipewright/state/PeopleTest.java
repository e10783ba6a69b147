package dev.pipewright.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.AuditEntry;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.Role;
import dev.pipewright.protocol.api.TokenSelf;
import dev.pipewright.protocol.api.TokenSpec;
import dev.pipewright.protocol.api.TokenView;
import dev.pipewright.protocol.json.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens of people, their sessions, and what is written down of what they do. */
class PeopleTest {
  private static final TokenSelf ADA = TokenSelf.person(Role.OPERATOR, "ada");
  private Bench bench;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    bench = new Bench(folder);
  }

  private PeopleTokens people() {
    return bench.cases.tokens().people();
  }

  private String made(String name, @Nullable Duration length) {
    return people()
        .add(
            new TokenSpec(
                name, Role.OPERATOR, length == null ? null : bench.clock().instant().plus(length)),
            "admin")
        .token();
  }

  private Optional<TokenSelf> owner(String token) {
    return bench.cases.tokens().identify(token).map(Tokens.Identity::self);
  }

  private Optional<TokenSelf> guest(String session) {
    return bench.cases.tokens().sessions().identify(session).map(Tokens.Identity::self);
  }

  private void restart() throws Exception {
    bench.cases.sweep();
    bench.restart();
  }

  @Test
  void aTokenIsBelievedUntilItIsRemovedAlsoAfterARestart() throws Exception {
    String token = made("ada", null);
    assertThat(owner(token)).contains(ADA);
    restart();
    assertThat(owner(token)).contains(ADA);
    people().remove("ada", "admin");
    assertThat(owner(token)).isEmpty();
    restart();
    assertThat(owner(token)).isEmpty();
    assertThat(people().all().items()).isEmpty();
  }

  @Test
  void aTokenExpires() {
    String token = made("ada", Duration.ofDays(90));
    bench.pass(Duration.ofDays(90).minusSeconds(1));
    assertThat(owner(token)).contains(ADA);
    bench.pass(Duration.ofSeconds(1));
    assertThat(owner(token)).isEmpty();
    assertThat(people().all().items()).extracting(TokenView::name).containsExactly("ada");
  }

  @Test
  void theLastUseIsKeptToTheHour() throws Exception {
    String token = made("ada", null);
    assertThat(people().all().items().getFirst().used()).isNull();
    bench.pass(Duration.ofMinutes(90));
    assertThat(owner(token)).isPresent();
    restart();
    assertThat(people().all().items().getFirst().used())
        .isEqualTo(bench.clock().instant().truncatedTo(ChronoUnit.HOURS));
  }

  @Test
  void nothingThatIsKeptTellsTheToken() {
    String token = made("ada", null);
    String session = bench.cases.tokens().sessions().open(ADA, token);
    List<String> kept = new ArrayList<>();
    bench
        .storage
        .shelf("peopleTokens", TokenRecord.class)
        .forEach((id, record) -> kept.add(id + Json.text(record)));
    bench
        .storage
        .shelf("sessions", SessionRecord.class)
        .forEach((id, record) -> kept.add(id + Json.text(record)));
    assertThat(kept).hasSize(2);
    assertThat(kept).noneMatch(text -> text.contains(token) || text.contains(session));
  }

  @Test
  void aNameHasOneTokenAndIsPlain() {
    String unused = made("ada", null);
    assertThatThrownBy(() -> made("ada", null)).isInstanceOf(ApiException.class);
    for (String bad : List.of("", "admin", "service", "a b", "../x", "x".repeat(101))) {
      assertThatThrownBy(() -> made(bad, null)).as(bad).isInstanceOf(ApiException.class);
    }
    assertThatThrownBy(() -> made("bob", Duration.ZERO)).hasMessageContaining("expired");
    assertThatThrownBy(() -> people().remove("bob", "admin")).hasMessageContaining("no token");
  }

  @Test
  void aSessionEndsWhenItIsClosedIdleOrOld() throws Exception {
    Sessions sessions = bench.cases.tokens().sessions();
    String closed = sessions.open(ADA, null);
    sessions.close(closed);
    assertThat(guest(closed)).isEmpty();

    String token = made("ada", null);
    String idle = sessions.open(ADA, token);
    String used = sessions.open(ADA, token);
    for (Duration past = Duration.ZERO;
        past.compareTo(Sessions.LONGEST) < 0;
        past = past.plusHours(6)) {
      assertThat(guest(used)).as("after " + past).contains(ADA);
      bench.pass(Duration.ofHours(6));
      restart();
    }
    assertThat(guest(used)).isEmpty();
    assertThat(guest(idle)).isEmpty();
  }

  @Test
  void whomAProviderSignedInIsAskedAgainAfterHalfADayHoweverBusy() throws Exception {
    String session = bench.cases.tokens().sessions().open(ADA, null);
    for (int hour = 0; hour < 12; hour++) {
      assertThat(guest(session)).as("after %d hours", hour).contains(ADA);
      bench.pass(Duration.ofHours(1));
      restart();
    }
    assertThat(guest(session)).isEmpty();
  }

  @Test
  void aSessionEndsWithTheTokenItWasOpenedWith() {
    String token = made("ada", null);
    String session = bench.cases.tokens().sessions().open(ADA, token);
    assertThat(guest(session)).contains(ADA);
    people().remove("ada", "admin");
    assertThat(guest(session)).isEmpty();
  }

  @Test
  void theAuditLogIsReadPageByPageNewestFirst() throws Exception {
    for (int i = 1; i <= 5; i++) {
      bench.cases.audit().add(ADA, "cancel a run", "/runs/shop%23" + i + "/cancel", 200, "::1");
      bench.restart();
    }
    List<String> targets = new ArrayList<>();
    String after = null;
    int pages = 0;
    do {
      Page<AuditEntry> page = bench.cases.audit().list(2, after);
      page.items().forEach(entry -> targets.add(entry.target()));
      after = page.next();
      pages++;
    } while (after != null);
    assertThat(pages).isEqualTo(3);
    assertThat(targets)
        .containsExactly(
            "/runs/shop%235/cancel",
            "/runs/shop%234/cancel",
            "/runs/shop%233/cancel",
            "/runs/shop%232/cancel",
            "/runs/shop%231/cancel");
    assertThatThrownBy(() -> bench.cases.audit().list(2, "x")).hasMessageContaining("after");
  }

  @Test
  void whoFailsToSignInTooOftenWaitsAndOthersDoNot() {
    SignInLimits limits = new SignInLimits(bench.clock());
    for (int i = 0; i < SignInLimits.PER_ADDRESS; i++) {
      assertThat(limits.wait("10.0.0.1")).isZero();
      limits.failed("10.0.0.1");
      limits.failed("2001:db8::" + i);
    }
    assertThat(limits.wait("10.0.0.1")).isEqualTo(SignInLimits.WINDOW);
    assertThat(limits.wait("2001:db8::ffff")).isPositive();
    assertThat(limits.wait("2001:db9::1")).isZero();
    assertThat(limits.wait("10.0.0.2")).isZero();
    bench.pass(SignInLimits.WINDOW);
    assertThat(limits.wait("10.0.0.1")).isZero();
  }

  @Test
  void manyAddressesTogetherAreLimitedAndDoNotFillTheMemory() {
    SignInLimits limits = new SignInLimits(bench.clock());
    for (int i = 0; i < 20_000; i++) {
      limits.failed("10.%d.%d.%d".formatted(i >> 16, (i >> 8) & 255, i & 255));
    }
    assertThat(limits.remembered()).isLessThanOrEqualTo(10_000);
    assertThat(limits.wait("192.168.0.1")).isPositive();
  }
}
