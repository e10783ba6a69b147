package dev.pipewright.standalone.live;

import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.standalone.client.SafeText;
import dev.pipewright.standalone.client.Texts;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One step of the tree as it stands now. Confined. */
final class Row {
  private static final int TAIL = 400;

  final StepPath path;
  final int depth;
  final String mark;
  Phase phase = Phase.PENDING;
  @Nullable Outcome outcome;
  @Nullable Instant started;
  @Nullable Instant finished;
  @Nullable String reason;
  int attempt = 1;
  String waiting = "";
  private String tail = "";
  private final StringBuilder open = new StringBuilder();
  private SafeText text = new SafeText();

  Row(StepPath path, int depth, String mark) {
    this.path = path;
    this.depth = depth;
    this.mark = mark;
  }

  void reset() {
    phase = Phase.PENDING;
    outcome = null;
    started = null;
    finished = null;
    reason = null;
    waiting = "";
    tail = "";
    open.setLength(0);
    text = new SafeText();
  }

  /** Takes output; the last line with something in it is the tail. */
  void output(byte[] bytes) {
    for (char c : text.next(bytes).toCharArray()) {
      if (c == '\n') {
        keep();
      } else if (open.length() < TAIL) {
        open.append(c);
      }
    }
  }

  private void keep() {
    String line = withoutColours(open.toString());
    if (!line.isBlank()) {
      tail = line;
    }
    open.setLength(0);
  }

  /** The last line of output. */
  String tail() {
    String begun = withoutColours(open.toString());
    return begun.isBlank() ? tail : begun;
  }

  private static String withoutColours(String line) {
    return Texts.line(line.replaceAll("\u001b\\[[0-9;:]*m?", ""), TAIL);
  }
}
