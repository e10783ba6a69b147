package dev.pipewright.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.DeliveryReceipt;
import dev.pipewright.protocol.api.DeliveryState;
import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Origin;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.state.store.CrashingStorage;
import dev.pipewright.state.store.Shelf;
import dev.pipewright.state.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores of every shape there was, and of one there is not yet. */
class SchemaTest {
  private static final Schema.Version PRESENT = new Schema.Version(Schema.CURRENT);

  /** A store of version 1: a run that is over, one under way, one in the queue, two deliveries. */
  private static Bench first(Path folder) throws IOException {
    Bench bench = new Bench(folder);
    LaunchOrder over = bench.running();
    bench.finish(over, 2);
    LaunchOrder unused = bench.running();
    RunId queued = bench.cases.runs().create(Samples.order("shop", "queued")).run().id();
    assertThat(queued).hasToString("shop#3");
    receive(bench, "open", Verdict.BUILD);
    receive(bench, "over", Verdict.SKIPPED);
    RunSnapshot ended = bench.cases.runs().snapshot(over.run());
    bench.storage.shelf("attempts", RunSnapshot.class).put("shop#1.1", ended);
    age(
        bench,
        "runs",
        run -> {
          run.remove("attempt");
          members(run.get("order")).remove("origin");
        });
    age(bench, "attempts", run -> run.remove("origin"));
    age(
        bench,
        "pipelines",
        pipeline -> {
          List<?> latest = (List<?>) Objects.requireNonNull(pipeline.get("latest"));
          latest.forEach(run -> members(run).remove("origin"));
          members(pipeline.get("results"))
              .values()
              .forEach(result -> members(members(result).get("last")).remove("origin"));
        });
    age(bench, "deliveries", delivery -> delivery.remove("progress"));
    Shelf<Blobs.Origin> origins = bench.storage.shelf("blobOrigins", Blobs.Origin.class);
    origins.put("sha256:1", new Blobs.Origin(over.run(), List.of()));
    age(bench, "blobOrigins", origin -> origin.remove("more"));
    bench
        .storage
        .shelf("seenRefs", SeenRefs.class)
        .put("shop", new SeenRefs(Samples.SHOP, Map.of("refs/heads/main", "a"), true));
    age(bench, "seenRefs", seen -> seen.remove("pulls"));
    bench
        .storage
        .shelf("schedules", ScheduleRecord.class)
        .put("shop", new ScheduleRecord(Samples.SHOP, "refs/heads/main", List.of(), true));
    age(bench, "schedules", schedule -> schedule.remove("pulls"));
    bench.storage.shelf("schema", Schema.Version.class).remove(List.of("version"));
    return bench;
  }

  private static void receive(Bench bench, String id, Verdict verdict) {
    DeliveryReceipt receipt = Samples.receipt(id, verdict);
    Object unused = bench.cases.deliveries().receive(receipt);
  }

  private static void age(Bench bench, String shelf, Consumer<StoredRecord> change) {
    Shelf<StoredRecord> records = bench.storage.shelf(shelf, StoredRecord.class);
    records.forEach(
        (id, record) -> {
          String now = Json.text(record);
          change.accept(record);
          assertThat(Json.text(record)).as(shelf + " " + id).isNotEqualTo(now);
          records.put(id, record);
        });
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> members(@Nullable Object record) {
    return (Map<String, Object>) Objects.requireNonNull(record);
  }

  private static void isPresent(Bench bench) {
    assertThat(bench.storage.shelf("schema", Schema.Version.class).find("version"))
        .hasValueSatisfying(held -> assertThat(held.value()).isEqualTo(PRESENT));
    Shelf<RunRecord> runs = bench.storage.shelf("runs", RunRecord.class);
    for (String id : List.of("shop#1", "shop#2", "shop#3")) {
      RunRecord run = runs.find(id).orElseThrow().value();
      assertThat(run.order().origin()).as(id).isEqualTo(Origin.TRUSTED);
      assertThat(run.attempt().number()).as(id).isEqualTo(1);
      assertThat(run.attempt().progress().begun()).as(id).isEqualTo(!id.equals("shop#3"));
    }
    assertThat(bench.storage.shelf("attempts", RunSnapshot.class).find("shop#1.1"))
        .hasValueSatisfying(held -> assertThat(held.value().origin()).isEqualTo(Origin.TRUSTED));
    PipelineRecord pipeline =
        bench.storage.shelf("pipelines", PipelineRecord.class).find("shop").orElseThrow().value();
    assertThat(pipeline.latest()).isNotEmpty().allMatch(run -> run.origin().isVouchedFor());
    assertThat(pipeline.results().values())
        .isNotEmpty()
        .allMatch(result -> result.last().origin().isVouchedFor());
    assertThat(bench.cases.deliveries().view("shop.open").state())
        .isEqualTo(DeliveryState.RECEIVED);
    assertThat(bench.cases.deliveries().view("shop.over").state()).isEqualTo(DeliveryState.DONE);
    assertThat(bench.storage.shelf("blobOrigins", Blobs.Origin.class).find("sha256:1"))
        .hasValueSatisfying(held -> assertThat(held.value().more()).isEmpty());
    assertThat(bench.storage.shelf("seenRefs", SeenRefs.class).find("shop"))
        .hasValueSatisfying(held -> assertThat(held.value().pulls()).isFalse());
    assertThat(bench.storage.shelf("schedules", ScheduleRecord.class).find("shop"))
        .hasValueSatisfying(held -> assertThat(held.value().pulls()).isFalse());
  }

  @Test
  void recordsOfTheFirstVersionMeanWhatTheyMeantThen(@TempDir Path folder) throws IOException {
    Bench bench = first(folder);
    bench.restart();
    isPresent(bench);
    assertThat(bench.cases.runs().snapshot(RunId.parse("shop#2")).attempt()).isEqualTo(1);
  }

  @Test
  void aDeathAtAnyWriteOfAMigrationLeavesTheRestToTheNextStart(@TempDir Path folder)
      throws IOException {
    int deaths = 0;
    for (boolean made : List.of(false, true)) {
      boolean dies = true;
      for (int fatal = 1; dies; fatal++) {
        Bench bench = first(folder.resolve(fatal + " " + made));
        CrashingStorage dying = new CrashingStorage(bench.storage, fatal, made);
        try {
          Schema.migrate(dying);
        } catch (StoreException e) {
          deaths++;
        }
        dies = dying.isDead();
        bench.restart();
        isPresent(bench);
      }
    }
    // Three runs, an attempt, a pipeline, two deliveries, what was seen of a source, its schedule,
    // a blob and the version, each twice.
    assertThat(deaths).isEqualTo(22);
  }

  @Test
  void aStoreOfThePresentVersionIsNotWritten(@TempDir Path folder) throws IOException {
    Bench bench = new Bench(folder);
    CrashingStorage dying = new CrashingStorage(bench.storage, 1, false);
    Schema.migrate(dying);
    assertThat(dying.isDead()).isFalse();
  }

  @Test
  void aStoreOfANewerProgramIsLeftAlone(@TempDir Path folder) throws IOException {
    Bench bench = new Bench(folder);
    int next = Schema.CURRENT + 1;
    bench.storage.shelf("schema", Schema.Version.class).put("version", new Schema.Version(next));
    CrashingStorage dying = new CrashingStorage(bench.storage, 1, false);
    assertThatThrownBy(() -> bench.restart(dying))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("has version " + next)
        .hasMessageContaining("knows up to " + Schema.CURRENT)
        .hasMessageContaining("Start that one again");
    assertThat(dying.isDead()).isFalse();
  }

  @Test
  void fromTheSecondVersionOnARunWithoutAnOriginIsForeign() {
    String now = Json.text(Samples.order("shop", "k1"));
    String without = now.substring(0, now.indexOf(",\"origin\":")) + "}";
    assertThat(Json.read(without, NewRun.class).origin()).isEqualTo(Origin.UNKNOWN);
  }
}
