package dev.pipewright.state;

import static dev.pipewright.state.Samples.DEPLOY;
import static dev.pipewright.state.Samples.LINT;
import static dev.pipewright.state.Samples.began;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.api.RerunRequest;
import dev.pipewright.protocol.api.SecretSpec;
import dev.pipewright.protocol.api.SecretView;
import dev.pipewright.protocol.api.SecretsRequest;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.PlanStep;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.StepNeeds;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {
  private static final String KEY = "DEPLOY_KEY";

  private Path folder;
  private Bench bench;

  @BeforeEach
  void open(@TempDir Path data) throws Exception {
    folder = data;
    bench = new Bench(data);
  }

  private SecretView set(String name, String value, @Nullable SourceName source) {
    return bench.cases.services().secrets().set(new SecretSpec(name, value, source), "ann");
  }

  private static PlanStep needing(StepPath path, String... names) {
    StepNeeds needs = new StepNeeds(List.of(names), List.of(), null, List.of(), List.of(), false);
    return new PlanStep("sh", path, "", "", false, null, 1, List.of(), List.of(), List.of(), needs);
  }

  private static Plan plan(PlanStep... steps) {
    return new Plan(new PipelineName("shop"), "ShopPipeline", List.of(), null, List.of(steps));
  }

  private Map<String, String> release(LaunchOrder run, StepPath step, String... names) {
    return bench
        .cases
        .services()
        .secrets()
        .release(run.run(), new SecretsRequest(run.fence(), step, List.of(names)))
        .values();
  }

  @Test
  void aRunningStepGetsWhatItDeclaresAndTheUseIsNoted() {
    set(KEY, "hunter22", null);
    LaunchOrder run = bench.running(plan(needing(DEPLOY, KEY)));
    bench.report(run, began(2, DEPLOY));
    assertThat(release(run, DEPLOY, KEY)).containsExactly(Map.entry(KEY, "hunter22"));
    SecretView view = bench.cases.services().secrets().all().items().getFirst();
    assertThat(view)
        .isEqualTo(new SecretView(KEY, null, "ann", Samples.NOON, Samples.NOON, run.run()));
  }

  @Test
  void theSecretOfTheSourceGoesBeforeThatOfAll() {
    set(KEY, "of all", null);
    set(KEY, "of other", Bench.OTHER);
    LaunchOrder run = bench.running(plan(needing(DEPLOY, KEY)));
    bench.report(run, began(2, DEPLOY));
    assertThat(release(run, DEPLOY, KEY)).containsEntry(KEY, "of all");
    set(KEY, "of shop", Samples.SHOP);
    assertThat(release(run, DEPLOY, KEY)).containsEntry(KEY, "of shop");
    assertThat(bench.cases.services().secrets().all().items())
        .extracting(SecretView::source)
        .containsExactly(null, Bench.OTHER, Samples.SHOP);
    bench.cases.services().secrets().remove(KEY, Samples.SHOP, "ann");
    assertThat(release(run, DEPLOY, KEY)).containsEntry(KEY, "of all");
    assertThatThrownBy(() -> bench.cases.services().secrets().remove(KEY, Samples.SHOP, "ann"))
        .hasMessageContaining("There is no secret 'DEPLOY_KEY' for source shop");
  }

  @Test
  void whoeverMayNotHaveItIsToldWhy() {
    set(KEY, "hunter22", null);
    set("OTHER_KEY", "hunter23", null);
    LaunchOrder run = bench.running(plan(needing(DEPLOY, KEY), needing(LINT)));
    assertThatThrownBy(() -> release(run, DEPLOY, KEY)).hasMessageContaining("is not running");
    bench.report(run, began(2, DEPLOY), began(3, LINT));
    assertThatThrownBy(() -> release(run, LINT, KEY))
        .hasMessageContaining("'verify/lint' does not declare the secret DEPLOY_KEY");
    assertThatThrownBy(() -> release(run, DEPLOY, KEY, "OTHER_KEY"))
        .hasMessageContaining("does not declare the secret OTHER_KEY");
    assertThatThrownBy(
            () ->
                bench
                    .cases
                    .services()
                    .secrets()
                    .release(run.run(), new SecretsRequest(9, DEPLOY, List.of(KEY))))
        .hasMessageContaining("was replaced");
    bench.finish(run, 4);
    assertThatThrownBy(() -> release(run, DEPLOY, KEY)).hasMessageContaining("is finished");
  }

  @Test
  void pipelineCodeNeverGetsOne() {
    set(KEY, "hunter22", null);
    NewRun order = bench.order(plan(needing(DEPLOY, KEY)), Samples.SHOP, true);
    LaunchOrder run = bench.running(order);
    bench.report(run, began(2, DEPLOY));
    assertThatThrownBy(() -> release(run, DEPLOY, KEY))
        .hasMessageContaining("builds pipeline code gets no secrets");
  }

  @Test
  void aRunThatLacksASecretIsOverAtOnceAndCanBeRunAgainOnceItIsSet() {
    NewRun order = bench.order(plan(needing(LINT), needing(DEPLOY, KEY)), Samples.SHOP);
    RunSnapshot refused = bench.cases.runs().create(order).run();
    assertThat(refused.outcome()).isEqualTo(Outcome.ERRORED);
    assertThat(refused.reason()).contains("The secret DEPLOY_KEY is not known.");

    set(KEY, "hunter22", null);
    RunSnapshot again =
        bench.cases.runs().rerun(refused.id(), new RerunRequest(null, "it is set"), "ann");
    assertThat(again.state()).isEqualTo(Phase.QUEUED);
    assertThat(again.attempt()).isEqualTo(2);
  }

  @Test
  void aRemovedSecretIsNamedWithTheRemedy() {
    set(KEY, "hunter22", null);
    LaunchOrder run = bench.running(plan(needing(DEPLOY, KEY)));
    bench.report(run, began(2, DEPLOY));
    bench.cases.services().secrets().remove(KEY, null, "ann");
    assertThatThrownBy(() -> release(run, DEPLOY, KEY))
        .hasMessageContaining("The secret DEPLOY_KEY is not known.")
        .hasMessageContaining("pipewright secrets set DEPLOY_KEY");
  }

  @Test
  void badNamesAndValuesAreRefused() {
    for (String name : List.of("", "1A", "A-B", "A B", "ä", "A=", "x".repeat(201))) {
      assertThatThrownBy(() -> set(name, "value", null)).hasMessageContaining("name of a secret");
    }
    assertThatThrownBy(() -> set(KEY, "", null)).hasMessageContaining("has no value");
    assertThatThrownBy(() -> set(KEY, "a\0b", null)).hasMessageContaining("no NUL");
    assertThatThrownBy(() -> set(KEY, "x".repeat(65_537), null))
        .hasMessageContaining("at most 65,536 bytes");
    assertThatThrownBy(() -> set(KEY, "value", new SourceName("nowhere")))
        .hasMessageContaining("There is no source 'nowhere'");
    assertThat(set("_a1", "x".repeat(65_536), null).setBy()).isEqualTo("ann");
  }

  @Test
  void valuesAreKeptSealedAndSurviveARestart() throws Exception {
    set(KEY, "hunter22", Samples.SHOP);
    bench
        .storage
        .shelf("secrets", SecretRecord.class)
        .forEach((id, record) -> assertThat(record.toString()).doesNotContain("hunter22"));
    LaunchOrder run = bench.running(plan(needing(DEPLOY, KEY)));
    bench.report(run, began(2, DEPLOY));
    bench.restart();
    assertThat(release(run, DEPLOY, KEY)).containsEntry(KEY, "hunter22");
  }

  private UseCases with(@Nullable String key, String... old) throws Exception {
    return new UseCases(
        new StateConfig(
            folder,
            null,
            URI.create("http://ci.example"),
            "admin-token",
            null,
            new MasterKeys(key, List.of(old)),
            false,
            false,
            Integer.MAX_VALUE,
            StateConfig.RECONCILE_EVERY,
            KeepRule.USUAL),
        bench.storage,
        bench.clock());
  }

  private static String key(int seed) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) seed;
    return Base64.getEncoder().encodeToString(bytes);
  }

  private String sealed() {
    return bench
        .storage
        .shelf("secrets", SecretRecord.class)
        .find(SecretRecord.id(KEY, null))
        .orElseThrow()
        .value()
        .sealed();
  }

  @Test
  void aNewMasterKeySealsAnewWhatAnOldOneCanRead() throws Exception {
    set(KEY, "hunter22", null);
    LaunchOrder run = bench.running(plan(needing(DEPLOY, KEY)));
    bench.report(run, began(2, DEPLOY));
    bench.cases = with(key(1));
    assertThat(release(run, DEPLOY, KEY)).containsEntry(KEY, "hunter22");
    Files.delete(folder.resolve("master.key"));
    String first = sealed();
    bench.cases = with(key(2), key(7), key(1));
    assertThat(sealed()).isNotEqualTo(first);
    String second = sealed();
    bench.cases = with(key(2));
    assertThat(sealed()).isEqualTo(second);
    assertThat(release(run, DEPLOY, KEY)).containsEntry(KEY, "hunter22");
    assertThat(bench.cases.sources().withSecret(Samples.SHOP).secret()).isEqualTo("s3cret");
    assertThat(mask("x hunter22", run)).isEqualTo("x ********");
    bench.cases = with(key(3));
    assertThatThrownBy(() -> release(run, DEPLOY, KEY))
        .hasMessageContaining("sealed with another master key")
        .hasMessageContaining("PIPEWRIGHT_MASTER_KEY_OLD");
  }

  private String mask(String text, LaunchOrder run) {
    RunEvent.RunFinished masked =
        (RunEvent.RunFinished)
            bench
                .cases
                .services()
                .masks()
                .events(
                    run.run(),
                    List.of(
                        Samples.event(
                            9,
                            new RunEvent.RunFinished(
                                dev.pipewright.protocol.run.Outcome.FAILED, text))))
                .getFirst()
                .event();
    return String.valueOf(masked.reason());
  }

  @Test
  void badMasterKeysAreNamed() {
    assertThatThrownBy(
            () ->
                StateConfig.from(
                    Map.of(
                        "PIPEWRIGHT_MASTER_KEY",
                        "c2hvcnQ=",
                        "PIPEWRIGHT_MASTER_KEY_OLD",
                        key(1) + ", %%")))
        .hasMessageContaining("PIPEWRIGHT_MASTER_KEY: A master key must be 32 bytes")
        .hasMessageContaining("PIPEWRIGHT_MASTER_KEY_OLD: A master key is written in base64");
    StateConfig config =
        StateConfig.from(Map.of("PIPEWRIGHT_MASTER_KEY_OLD", key(1) + "," + key(2)));
    assertThat(config.masterKeys())
        .isEqualTo(new MasterKeys(null, List.of(key(1), key(2))))
        .hasToString("MasterKeys[of the folder, 2 old]");
  }

  @Test
  void whatWasReleasedIsHiddenAlsoAfterARestartAndAChange() throws Exception {
    set(KEY, "hunter22", null);
    LaunchOrder run = bench.running(plan(needing(DEPLOY, KEY)));
    bench.report(run, began(2, DEPLOY));
    assertThat(mask("x hunter22", run)).isEqualTo("x hunter22");
    release(run, DEPLOY, KEY);
    set(KEY, "swordfish", null);
    bench.restart();
    assertThat(mask("x hunter22 swordfish", run)).isEqualTo("x ******** swordfish");
    release(run, DEPLOY, KEY);
    assertThat(mask("x hunter22 swordfish", run)).isEqualTo("x ******** *********");
    bench
        .storage
        .shelf("runSecrets", RunMasks.Kept.class)
        .forEach((id, kept) -> assertThat(kept.toString()).doesNotContain("hunter22"));
    bench.finish(run, 3);
    bench.pass(RunQueue.AFTERLIFE.multipliedBy(3));
    bench.cases.sweep();
    assertThat(bench.storage.shelf("runSecrets", RunMasks.Kept.class).find(run.run().toString()))
        .isEmpty();
  }

  @Test
  void aMasterKeyInTheFolderIsMadeOnceAndReadable() throws Exception {
    assertThat(Files.readString(folder.resolve("master.key"), StandardCharsets.US_ASCII).strip())
        .hasSize(44);
  }
}
