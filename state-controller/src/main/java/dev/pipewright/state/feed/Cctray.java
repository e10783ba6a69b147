package dev.pipewright.state.feed;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.StepSnapshot;
import dev.pipewright.state.Labels;
import dev.pipewright.state.Pipelines.Shown;
import dev.pipewright.state.RefResult;
import dev.pipewright.state.RefResult.StageResult;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The cctray words for a pipeline. While a run is queued or running, status, label and time stay
 * those of the last finished run and only the activity changes; a wait for a person is Sleeping;
 * cancelled runs change nothing; a pipeline without a result is left out. Immutable.
 */
public final class Cctray {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss'Z'").withZone(ZoneOffset.UTC);

  private final String publicUrl;
  private final boolean erroredIsException;

  /** {@code publicUrl} is how browsers reach the server. */
  public Cctray(URI publicUrl, boolean erroredIsException) {
    String text = publicUrl.toString();
    this.publicUrl = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    this.erroredIsException = erroredIsException;
  }

  /** The whole document around these lines. */
  static String document(String lines) {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Projects>\n" + lines + "</Projects>\n";
  }

  /** The line of a pipeline on this ref; empty without a result. */
  String pipeline(Shown shown, @Nullable String ref) {
    RefResult result = ref == null ? null : shown.pipeline().results().get(ref);
    if (ref == null || result == null) {
      return "";
    }
    RunSnapshot last = result.last();
    Outcome outcome = last.outcome() == null ? Outcome.ERRORED : last.outcome();
    return line(
        new Line(
            shown.pipeline().name().value(),
            isBuilding(shown, ref),
            status(outcome),
            Labels.of(last),
            last.finishedAt() == null ? last.queuedAt() : last.finishedAt(),
            url(last)),
        shown.pipeline().source().value(),
        result.brokenBy());
  }

  /** One line for a pipeline that has no result there yet, for clients that want exactly one. */
  String unknown(Shown shown, @Nullable String ref) {
    Optional<RunSnapshot> first =
        shown.active().stream().filter(run -> run.ref().equals(ref)).findFirst();
    return line(
        new Line(
            shown.pipeline().name().value(),
            ref != null && isBuilding(shown, ref),
            "Unknown",
            "0",
            first.map(RunSnapshot::queuedAt).orElse(Instant.EPOCH),
            first.map(this::url).orElse(publicUrl + "/")),
        shown.pipeline().source().value(),
        null);
  }

  /** The lines of its stages; {@code live} are the steps of its runs there that are not over. */
  String stages(Shown shown, @Nullable String ref, List<StepSnapshot> live) {
    RefResult result = ref == null ? null : shown.pipeline().results().get(ref);
    if (result == null) {
      return "";
    }
    StringBuilder lines = new StringBuilder();
    for (StageResult stage : result.stages()) {
      StepPath path = new StepPath(stage.name());
      boolean building =
          live.stream().anyMatch(step -> step.path().equals(path) && step.state() == Phase.RUNNING);
      lines.append(
          line(
              new Line(
                  shown.pipeline().name() + " :: " + stage.name().replace(" :: ", " : "),
                  building,
                  status(stage.outcome()),
                  stage.label(),
                  stage.finishedAt(),
                  url(shown.pipeline().name(), stage.label())),
              shown.pipeline().source().value(),
              stage.outcome().isBroken() ? result.brokenBy() : null));
    }
    return lines.toString();
  }

  private record Line(
      String name, boolean building, String status, String label, Instant at, String url) {}

  private static String line(Line line, String category, @Nullable String breaker) {
    String attributes =
        "  <Project name=\"%s\" activity=\"%s\" lastBuildStatus=\"%s\" lastBuildLabel=\"%s\" lastBuildTime=\"%s\" webUrl=\"%s\" category=\"%s\""
            .formatted(
                Xml.escape(line.name()),
                line.building() ? "Building" : "Sleeping",
                line.status(),
                Xml.escape(line.label()),
                TIME.format(line.at()),
                Xml.escape(line.url()),
                Xml.escape(category));
    return breaker == null
        ? attributes + " />\n"
        : attributes
            + ">\n    <messages><message text=\"%s\" kind=\"Breakers\" /></messages>\n  </Project>\n"
                .formatted(Xml.escape(breaker));
  }

  private static boolean isBuilding(Shown shown, String ref) {
    return shown.active().stream()
        .filter(run -> run.ref().equals(ref))
        .anyMatch(run -> run.state() != Phase.WAITING);
  }

  private String status(Outcome outcome) {
    return switch (outcome) {
      case SUCCEEDED, SKIPPED -> "Success";
      case FAILED, TIMED_OUT, CANCELLED -> "Failure";
      case ERRORED -> erroredIsException ? "Exception" : "Failure";
    };
  }

  /** The run that a label is of: the number before the dot. */
  private String url(PipelineName pipeline, String label) {
    RunId run = new RunId(pipeline, Long.parseLong(label.split("\\.", 2)[0]));
    return publicUrl + "/runs/" + run.urlSegment();
  }

  private String url(RunSnapshot run) {
    return publicUrl + "/runs/" + run.id().urlSegment();
  }
}
