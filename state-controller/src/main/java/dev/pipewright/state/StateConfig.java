package dev.pipewright.state;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an operator can set.
 *
 * @param data the folder everything local is kept in
 * @param mongo address of a MongoDB; null means the embedded database in the data folder
 * @param publicUrl how browsers reach the server
 * @param adminToken the token of the administrator; null: made at the first start
 * @param serviceToken the token of Spawners and Builders; null: made at every start
 * @param masterKeys what seals secrets; null: {@code master.key} in the data folder
 * @param closedReads whether reading needs a token too
 * @param erroredIsException whether feeds say Exception for an ERRORED run instead of Failure
 * @param mostRuns how many runs may be under way at once, on all Spawners together
 * @param reconcileEvery how long between two looks at the refs of a source; zero for none
 * @param keep how long finished runs are kept
 */
public record StateConfig(
    Path data,
    @Nullable String mongo,
    URI publicUrl,
    @Nullable String adminToken,
    @Nullable String serviceToken,
    @Nullable MasterKeys masterKeys,
    boolean closedReads,
    boolean erroredIsException,
    int mostRuns,
    Duration reconcileEvery,
    KeepRule keep) {

  /** How long between two looks at a source, unless configured. */
  public static final Duration RECONCILE_EVERY = Duration.ofMinutes(5);

  private static final int SHORTEST_TOKEN = 20;

  public StateConfig {
    if (mostRuns < 1) {
      throw new IllegalArgumentException("At least one run must be allowed at once.");
    }
  }

  /** The same with the state in the MongoDB at this address. */
  public StateConfig at(String address) {
    return new StateConfig(
        data,
        address,
        publicUrl,
        adminToken,
        serviceToken,
        masterKeys,
        closedReads,
        erroredIsException,
        mostRuns,
        reconcileEvery,
        keep);
  }

  /** The defaults with this folder and address. */
  public static StateConfig of(Path data, URI publicUrl, @Nullable String adminToken) {
    return new StateConfig(
        data,
        null,
        publicUrl,
        adminToken,
        null,
        null,
        false,
        false,
        Integer.MAX_VALUE,
        RECONCILE_EVERY,
        KeepRule.USUAL);
  }

  /**
   * Reads {@code PIPEWRIGHT_*} settings.
   *
   * @throws IllegalArgumentException naming every wrong setting
   */
  public static StateConfig from(Map<String, String> settings) {
    List<String> problems = new ArrayList<>();
    StateConfig config =
        new StateConfig(
            Path.of(settings.getOrDefault("PIPEWRIGHT_DATA", "pipewright-data")),
            settings.get("PIPEWRIGHT_MONGO"),
            address(
                settings.getOrDefault("PIPEWRIGHT_PUBLIC_URL", "http://localhost:8080"), problems),
            token(settings, "PIPEWRIGHT_ADMIN_TOKEN", problems),
            token(settings, "PIPEWRIGHT_SERVICE_TOKEN", problems),
            masterKeys(settings, problems),
            flag(settings, "PIPEWRIGHT_CLOSED_READS", problems),
            flag(settings, "PIPEWRIGHT_ERRORED_IS_EXCEPTION", problems),
            mostRuns(settings, problems),
            seconds(settings, "PIPEWRIGHT_RECONCILE", problems),
            keep(settings, problems));
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", problems));
    }
    return config;
  }

  private static URI address(String text, List<String> problems) {
    if (text.startsWith("http://") || text.startsWith("https://")) {
      try {
        return URI.create(text);
      } catch (IllegalArgumentException e) {
        problems.add("PIPEWRIGHT_PUBLIC_URL is no URL: " + e.getMessage());
        return URI.create("http://localhost");
      }
    }
    problems.add("PIPEWRIGHT_PUBLIC_URL must begin with http:// or https://.");
    return URI.create("http://localhost");
  }

  private static @Nullable String token(
      Map<String, String> settings, String name, List<String> problems) {
    String token = settings.get(name);
    try {
      checkToken(name, token);
    } catch (IllegalArgumentException e) {
      problems.add(String.valueOf(e.getMessage()));
    }
    return token;
  }

  /**
   * Refuses a token that could be guessed: how often somebody shows a wrong one is not limited.
   *
   * @param name what it is configured by
   * @throws IllegalArgumentException saying how to make a better one
   */
  public static void checkToken(String name, @Nullable String token) {
    if (token != null && (token.length() < SHORTEST_TOKEN || token.contains(" "))) {
      throw new IllegalArgumentException(
          "%s must have at least %d characters and no blanks. This makes one: openssl rand -hex 24"
              .formatted(name, SHORTEST_TOKEN));
    }
  }

  private static @Nullable MasterKeys masterKeys(
      Map<String, String> settings, List<String> problems) {
    try {
      return MasterKeys.from(settings);
    } catch (IllegalArgumentException e) {
      problems.add(String.valueOf(e.getMessage()));
      return null;
    }
  }

  private static boolean flag(Map<String, String> settings, String name, List<String> problems) {
    String text = settings.getOrDefault(name, "false");
    if (!text.equals("true") && !text.equals("false")) {
      problems.add(name + " must be true or false, not '" + text + "'.");
    }
    return text.equals("true");
  }

  private static int mostRuns(Map<String, String> settings, List<String> problems) {
    String name = "PIPEWRIGHT_MAX_TOTAL_RUNS";
    String text = settings.getOrDefault(name, "0");
    if (!text.matches("\\d{1,9}")) {
      problems.add(name + " must be a number, 0 for no limit, not '" + text + "'.");
      return Integer.MAX_VALUE;
    }
    int most = Integer.parseInt(text);
    return most == 0 ? Integer.MAX_VALUE : most;
  }

  private static KeepRule keep(Map<String, String> settings, List<String> problems) {
    try {
      return KeepRule.configured(
          number(settings, "PIPEWRIGHT_KEEP_RUNS", KeepRule.USUAL_RUNS, problems),
          Duration.ofDays(number(settings, "PIPEWRIGHT_KEEP_DAYS", 0, problems)));
    } catch (IllegalArgumentException e) {
      problems.add("PIPEWRIGHT_KEEP_RUNS: " + e.getMessage());
      return KeepRule.USUAL;
    }
  }

  private static int number(
      Map<String, String> settings, String name, int otherwise, List<String> problems) {
    String text = settings.getOrDefault(name, Integer.toString(otherwise));
    if (!text.matches("\\d{1,6}")) {
      problems.add(name + " must be a number, 0 for no limit, not '" + text + "'.");
      return otherwise;
    }
    return Integer.parseInt(text);
  }

  private static Duration seconds(
      Map<String, String> settings, String name, List<String> problems) {
    String text = settings.getOrDefault(name, Long.toString(RECONCILE_EVERY.toSeconds()));
    if (!text.matches("\\d{1,7}")) {
      problems.add(name + " must be a number of seconds, not '" + text + "'.");
      return RECONCILE_EVERY;
    }
    return Duration.ofSeconds(Long.parseLong(text));
  }

  @Override
  public String toString() {
    return "StateConfig[data=%s, publicUrl=%s, closedReads=%s]"
        .formatted(data, publicUrl, closedReads);
  }
}
