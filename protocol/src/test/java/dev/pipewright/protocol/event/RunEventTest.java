package dev.pipewright.protocol.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Artifact;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.PlanStep;
import dev.pipewright.protocol.run.TestCounts;
import dev.pipewright.protocol.run.Wait;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RunEventTest {
  private static final StepPath LINT = new StepPath("verify/lint");
  private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");

  /** One sample of every event and the JSON it is written as. */
  private static final Map<RunEvent, String> SAMPLES =
      Map.ofEntries(
          entry(
              new RunEvent.RunStarted("0.1.0"),
              "{'type':'run-started','engine':'0.1.0','attempt':1,'from':null,'reason':null}"),
          entry(new RunEvent.RunResumed("0.1.0"), "{'type':'run-resumed','engine':'0.1.0'}"),
          entry(
              new RunEvent.StepStarted(LINT, 2),
              "{'type':'step-started','path':'verify/lint','attempt':2}"),
          entry(
              new RunEvent.StepsReset("verify//0", List.of(LINT)),
              "{'type':'steps-reset','key':'verify//0','paths':['verify/lint']}"),
          entry(
              new RunEvent.StepExpanded(
                  LINT,
                  List.of(
                      new PlanStep(
                          "sh",
                          LINT.child("a"),
                          "true",
                          "P.java:1",
                          false,
                          null,
                          1,
                          List.of(),
                          List.of(),
                          List.of()))),
              "{'type':'step-expanded','path':'verify/lint','steps':[{'kind':'sh',"
                  + "'path':'verify/lint/a','detail':'true','location':'P.java:1',"
                  + "'allowFailure':false,'timeoutSeconds':null,'attempts':1,'steps':[],"
                  + "'onFailure':[],'ensure':[],'needs':{'secrets':[],'locks':[],'image':null,"
                  + "'services':[],'keeps':[],'atMostOnce':false}}]}"),
          entry(
              new RunEvent.Noted("verify//0", "answer true"),
              "{'type':'noted','key':'verify//0','value':'answer true'}"),
          entry(
              new RunEvent.StepWaiting(
                  "ship",
                  StepPath.of("ship"),
                  new Wait(Wait.Kind.APPROVAL, "Ship?", List.of("ops"), List.of(), AT)),
              "{'type':'step-waiting','key':'ship','path':'ship','what':{'kind':'APPROVAL',"
                  + "'forWhat':'Ship?','approvers':['ops'],'parameters':[],"
                  + "'until':'2026-01-02T03:04:05.678Z'}}"),
          entry(
              new RunEvent.TestsFound(
                  LINT, new TestCounts(1, 2, 3, 4, 0.5), BlobDigest.of(new byte[0])),
              "{'type':'tests-found','path':'verify/lint','counts':{'passed':1,'failed':2,"
                  + "'errored':3,'skipped':4,'seconds':0.5},'report':'sha256:"
                  + "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'}"),
          entry(
              new RunEvent.StepFinished(
                  LINT,
                  Outcome.FAILED,
                  "exit code 1",
                  Map.of("version", "\"1.0\""),
                  List.of(new Artifact("a.txt", BlobDigest.of(new byte[0]), 0))),
              "{'type':'step-finished','path':'verify/lint','outcome':'FAILED',"
                  + "'reason':'exit code 1','outputs':{'version':'\\\"1.0\\\"'},"
                  + "'artifacts':[{'path':'a.txt','digest':'sha256:"
                  + "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855','size':0}]}"),
          entry(new RunEvent.RunWaiting("Ship?"), "{'type':'run-waiting','forWhat':'Ship?'}"),
          entry(
              new RunEvent.RunFinished(Outcome.SUCCEEDED, null),
              "{'type':'run-finished','outcome':'SUCCEEDED','reason':null}"));

  private static Map.Entry<RunEvent, String> entry(RunEvent event, String json) {
    return Map.entry(event, json.replace('\'', '"'));
  }

  @Test
  void everyEventHasASample() {
    assertThat(SAMPLES.keySet().stream().map(Object::getClass).collect(Collectors.toSet()))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.asList(RunEvent.class.getPermittedSubclasses()));
  }

  @Test
  void everyEventIsWrittenAsItsSampleAndReadBack() {
    SAMPLES.forEach(
        (event, json) -> {
          assertThat(Json.text(event)).isEqualTo(json);
          EventEnvelope envelope = new EventEnvelope(7, AT, event);
          assertThat(Json.read(Json.bytes(envelope), EventEnvelope.class)).isEqualTo(envelope);
        });
  }

  @Test
  void anUnknownEventIsRefusedByName() {
    assertThatThrownBy(() -> Json.read("{\"type\":\"exploded\"}", RunEvent.class))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("exploded");
  }
}
