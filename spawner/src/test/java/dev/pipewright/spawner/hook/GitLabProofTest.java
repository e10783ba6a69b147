package dev.pipewright.spawner.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The signatures of GitLab 19, and the token of all before it. */
class GitLabProofTest {
  private static final String ID = "2779ec9b-3d53-5079-8c17-1a508f51c366";
  private static final String OTHER_TOKEN =
      "whsec_"
          + Base64.getEncoder().encodeToString(Samples.utf8("another key of 32 bytes, at least"));
  private static final byte[] BODY =
      Samples.utf8(
          "{\"object_kind\":\"push\",\"ref\":\"refs/heads/main\",\"checkout_sha\":\"%1$s\",\"after\":\"%1$s\"}"
              .formatted(Samples.COMMIT));

  @ParameterizedTest
  @ValueSource(longs = {0, -300, 300})
  void believesASignatureOfTheLastAndTheNextFiveMinutes(long seconds) {
    assertBelieved(signedAt(Samples.NOW.plusSeconds(seconds)));
  }

  @ParameterizedTest
  @ValueSource(longs = {-301, 301, -86_400, 4_000_000_000L})
  void refusesASignatureThatIsTooOldOrOfTheFuture(long seconds) {
    assertRefused(signedAt(Samples.NOW.plusSeconds(seconds)), "clocks");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "now", "-1", "1e9", "9999999999999", "+1767323045"})
  void refusesATimeThatIsNoCountOfSeconds(String time) {
    assertRefused(headers(ID, time, signature(Samples.SIGNING_TOKEN, ID, time)), "are needed");
  }

  @Test
  void theTimeAndTheIdAreSignedToo() {
    String time = Long.toString(Samples.NOW.getEpochSecond());
    String signature = signature(Samples.SIGNING_TOKEN, ID, time);

    assertRefused(headers("another-id", time, signature), "does not fit");
    assertRefused(
        headers(ID, Long.toString(Samples.NOW.getEpochSecond() + 1), signature), "does not fit");
  }

  @Test
  void whileATokenIsReplacedEitherOfTwoSignaturesMayBeOurs() {
    String time = Long.toString(Samples.NOW.getEpochSecond());
    String ours = signature(Samples.SIGNING_TOKEN, ID, time);
    String other = signature(OTHER_TOKEN, ID, time);

    assertBelieved(headers(ID, time, ours + " " + other));
    assertBelieved(headers(ID, time, other + " " + ours));
    assertRefused(headers(ID, time, other), "does not fit");
    assertRefused(headers(ID, time, other + " " + other), "does not fit");
  }

  @Test
  void onlySoManySignaturesAreLookedAt() {
    String time = Long.toString(Samples.NOW.getEpochSecond());
    String many = (signature(OTHER_TOKEN, ID, time) + " ").repeat(10);

    assertRefused(
        headers(ID, time, many + signature(Samples.SIGNING_TOKEN, ID, time)), "does not fit");
  }

  @Test
  void aSignatureOfAnotherVersionIsNone() {
    String time = Long.toString(Samples.NOW.getEpochSecond());
    String ours = signature(Samples.SIGNING_TOKEN, ID, time);

    assertRefused(headers(ID, time, ours.replace("v1,", "v2,")), "does not fit");
    assertRefused(headers(ID, time, ours.replace("v1,", "")), "does not fit");
  }

  @Test
  void theOldTokenIsNoWayAroundTheSignature() {
    HookHeaders headers =
        HookHeaders.of(
            List.of(
                Map.entry("X-Gitlab-Event", "Push Hook"),
                Map.entry("X-Gitlab-Token", Samples.SIGNING_TOKEN)));

    assertRefused(headers, "webhook-signature");
  }

  @Test
  void aSignatureIsNoWayAroundTheOldToken() {
    String time = Long.toString(Samples.NOW.getEpochSecond());
    HookHeaders headers = headers(ID, time, signature(Samples.SIGNING_TOKEN, ID, time));

    assertThat(Samples.judge("gitlab", "a plain token", headers, BODY))
        .isInstanceOf(Judgement.Unauthorized.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"whsec_", "whsec_not base64!", "whsec_===="})
  void aSecretThatIsNoSigningTokenBelievesNobody(String secret) {
    assertThat(Samples.judge("gitlab", secret, signedAt(Samples.NOW), BODY))
        .isInstanceOf(Judgement.Unauthorized.class);
  }

  private static HookHeaders signedAt(Instant when) {
    String time = Long.toString(when.getEpochSecond());
    return headers(ID, time, signature(Samples.SIGNING_TOKEN, ID, time));
  }

  private static HookHeaders headers(String id, String time, String signatures) {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    headers.add(Map.entry("Content-Type", "application/json"));
    headers.add(Map.entry("X-Gitlab-Event", "Push Hook"));
    headers.add(Map.entry("webhook-id", id));
    headers.add(Map.entry("webhook-timestamp", time));
    headers.add(Map.entry("webhook-signature", signatures));
    return HookHeaders.of(headers);
  }

  private static String signature(String token, String id, String time) {
    byte[] key = Base64.getDecoder().decode(token.substring("whsec_".length()));
    var mac = Hmac.with(key);
    mac.update(Samples.utf8(id + "." + time + "."));
    return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(BODY));
  }

  private static Judgement judge(HookHeaders headers) {
    return Samples.judge("gitlab", Samples.SIGNING_TOKEN, headers, BODY);
  }

  private static void assertBelieved(HookHeaders headers) {
    Judgement judgement = judge(headers);
    assertThat(judgement).as(judgement.toString()).isInstanceOf(Judgement.Accepted.class);
    assertThat(judgement.receipt().changes().getFirst().commit()).hasToString(Samples.COMMIT);
    assertThat(judgement.receipt().forgeId()).isEqualTo(ID);
  }

  private static void assertRefused(HookHeaders headers, String why) {
    Judgement judgement = judge(headers);
    assertThat(judgement).isInstanceOf(Judgement.Unauthorized.class);
    assertThat(judgement.receipt().reason()).contains(why);
    assertThat(judgement.receipt().forgeId()).isNull();
  }
}
