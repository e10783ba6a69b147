package dev.pipewright.spawner.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.LogContainerCmd;
import com.github.dockerjava.api.model.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
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
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    read(
        docker.logContainerCmd(container).withTail(TAIL_LINES),
        bytes -> {
          text.writeBytes(bytes);
          return true;
        });
    return text.toString(StandardCharsets.UTF_8);
  }

  /** The last {@code most} characters of what a container printed. */
  String end(String container, int most) {
    StringBuilder text = new StringBuilder();
    read(
        docker.logContainerCmd(container).withTailAll(),
        bytes -> {
          text.append(new String(bytes, StandardCharsets.UTF_8));
          if (text.length() > 2 * most) {
            text.delete(0, text.length() - most);
          }
          return true;
        });
    return text.substring(Math.max(0, text.length() - most));
  }

  /** At most {@code most} bytes of what a container printed, from {@code offset} on. */
  byte[] of(String container, long offset, int most) {
    ByteArrayOutputStream piece = new ByteArrayOutputStream();
    AtomicLong passed = new AtomicLong();
    read(
        docker.logContainerCmd(container).withTailAll(),
        bytes -> {
          long at = passed.getAndAdd(bytes.length);
          int from = Math.clamp(offset - at, 0, bytes.length);
          int count = Math.min(bytes.length - from, most - piece.size());
          piece.write(bytes, from, count);
          return piece.size() < most;
        });
    return piece.toByteArray();
  }

  /** Takes a piece of output; false if no more is wanted. */
  private interface Taking {
    boolean take(byte[] bytes);
  }

  private static void read(LogContainerCmd from, Taking taking) {
    try (ResultCallback.Adapter<Frame> lines =
        from.withStdOut(true)
            .withStdErr(true)
            .exec(
                new ResultCallback.Adapter<>() {
                  private boolean wanted = true;

                  @Override
                  public void onNext(Frame frame) {
                    if (wanted && !taking.take(frame.getPayload())) {
                      wanted = false;
                      onComplete();
                    }
                  }
                })) {
      lines.awaitCompletion(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      LOG.atDebug().addKeyValue("container", from.getContainerId()).setCause(e).log("No output");
    }
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
