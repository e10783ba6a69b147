package dev.pipewright.spawner.launch;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.RunId;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The name of one unit, made of what it is for, so that launching twice is noticed: lower-case
 * letters, digits and dashes, at most 63.
 */
public record UnitId(String value) {
  private static final Pattern FORM = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final String STANDBY = "pwstandby-";
  private static final int SHOWN = 24;
  private static final int HASH = 10;

  public UnitId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("Not the name of a unit: '" + value + "'.");
    }
  }

  /** The unit of the launch {@code fence} of {@code run} by the server {@code instance}. */
  public static UnitId of(String instance, RunId run, long fence) {
    return new UnitId(
        "pw-%s-%d-%s"
            .formatted(shown(run), run.number(), hash(instance + "|" + run + "|" + fence)));
  }

  /** The container of {@code instance} beside the launch {@code fence} of {@code run}. */
  public static UnitId side(String instance, RunId run, long fence, String key) {
    String hash = hash(instance + "|" + run + "|" + fence + "|side|" + key);
    return new UnitId("pw-side-%s-%d-%s".formatted(shown(run), run.number(), hash));
  }

  /** The workspace {@code number} of {@code run}. */
  static UnitId workspace(String instance, RunId run, int number) {
    String hash = hash(instance + "|" + run + "|workspace|" + number);
    return new UnitId("pw-ws-%s-%d-%s".formatted(shown(run), run.number(), hash));
  }

  /** A unit that is not for any run yet; its name cannot be that of one which is. */
  public static UnitId standby(long random) {
    return new UnitId(STANDBY + HexFormat.of().toHexDigits(random));
  }

  /** True if this is the name of a unit that is not for any run yet. */
  public boolean isStandby() {
    return value.startsWith(STANDBY);
  }

  private static String shown(RunId run) {
    String name = run.pipeline().value().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    String text = name.replaceAll("^-|-$", "");
    String cut = text.substring(0, Math.min(SHOWN, text.length())).replaceAll("-$", "");
    return cut.isEmpty() ? "x" : cut;
  }

  private static String hash(String text) {
    return BlobDigest.of(text.getBytes(StandardCharsets.UTF_8)).hex().substring(0, HASH);
  }

  @Override
  public String toString() {
    return value;
  }
}
