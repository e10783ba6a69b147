package dev.pipewright.spawner.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last lines containers printed. Thread-safe. */
final class ContainerLog {
  private static final Logger LOG = LoggerFactory.getLogger(ContainerLog.class);
  private static final int TAIL_LINES = 200;
  private static final int PATIENCE_SECONDS = 10;
  private static final int SHOWN = 300;

  private final DockerClient docker;

  ContainerLog(DockerClient docker) {
    this.docker = docker;
  }

  /** What a container printed at the end; empty if that is not to be had. */
  String of(String container) {
    StringBuilder text = new StringBuilder();
    try (ResultCallback.Adapter<Frame> lines =
        docker
            .logContainerCmd(container)
            .withStdOut(true)
            .withStdErr(true)
            .withTail(TAIL_LINES)
            .exec(
                new ResultCallback.Adapter<>() {
                  @Override
                  public void onNext(Frame frame) {
                    text.append(new String(frame.getPayload(), StandardCharsets.UTF_8));
                  }
                })) {
      lines.awaitCompletion(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      LOG.atDebug().addKeyValue("container", container).setCause(e).log("No output to be had");
    }
    return text.toString();
  }

  /** The last line a container printed as a sentence to add; empty if there is none. */
  String lastWords(String container) {
    List<String> lines = of(container).lines().filter(line -> !line.isBlank()).toList();
    if (lines.isEmpty()) {
      return "";
    }
    String last = lines.getLast().replaceAll("\\p{Cntrl}", " ").strip();
    return " Its last words: " + last.substring(0, Math.min(SHOWN, last.length()));
  }
}
