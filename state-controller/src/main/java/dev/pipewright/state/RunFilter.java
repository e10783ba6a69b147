package dev.pipewright.state;

import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.state.oidc.OidcSignIn;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which runs somebody wants to see; null wants all.
 *
 * @param state a phase or an outcome in small letters, {@code broken} for every bad outcome, or
 *     {@code open} for what is not over
 * @param ref a branch or tag, in full or as its short name
 * @param source the source they belong to
 * @param by who started them, in any case of letters, with or without what the names of a provider
 *     of sign-ins begin with
 */
public record RunFilter(
    @Nullable String state, @Nullable String ref, @Nullable String source, @Nullable String by)
    implements Predicate<RunSnapshot> {

  /** Wants every run. */
  public static final RunFilter ALL = new RunFilter(null, null, null, null);

  private static final String BROKEN = "broken";
  private static final String OPEN = "open";

  /**
   * Checks the state.
   *
   * @throws ApiException MALFORMED if it is no word for one
   */
  public RunFilter {
    if (state != null && words().noneMatch(state::equals)) {
      throw new ApiException(
          Problem.Code.MALFORMED,
          "'state' is no state of a run: '" + Limits.shorten(state, 40) + "'.",
          "It is one of " + words().collect(Collectors.joining(", ")) + ".");
    }
  }

  private static Stream<String> words() {
    Stream<String> known =
        Stream.concat(
                Arrays.stream(Phase.values()).filter(phase -> phase != Phase.PENDING),
                Arrays.stream(Outcome.values()))
            .map(RunFilter::word);
    return Stream.concat(Stream.of(BROKEN, OPEN), known);
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public boolean test(RunSnapshot run) {
    return isInState(run)
        && (ref == null || names(run.ref()))
        && (source == null || source.equals(run.source().value()))
        && (by == null || bare(by).equalsIgnoreCase(bare(run.cause().by())));
  }

  /** Whoever signs in by a provider is an author by the name they have there. */
  private static String bare(@Nullable String name) {
    return Objects.requireNonNullElse(name, "").replaceFirst("^" + OidcSignIn.PREFIX, "");
  }

  private boolean names(String full) {
    return full.equals(ref) || full.equals("refs/heads/" + ref) || full.equals("refs/tags/" + ref);
  }

  private boolean isInState(RunSnapshot run) {
    Outcome outcome = run.outcome();
    if (state == null) {
      return true;
    }
    return switch (state) {
      case BROKEN -> outcome != null && outcome.isBroken();
      case OPEN -> outcome == null;
      default ->
          state.equals(word(run.state())) || (outcome != null && state.equals(word(outcome)));
    };
  }
}
