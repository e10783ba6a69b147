package dev.pipewright.engine.local;

import dev.pipewright.protocol.run.Answer;
import dev.pipewright.protocol.run.OpenWait;
import java.util.List;

/** People who can answer what a local run waits for. */
@FunctionalInterface
public interface LocalAsk {
  /** Nobody is there. */
  LocalAsk NOBODY = _ -> List.of();

  /**
   * Asks for answers. Called when nothing else is left to do, on the thread of the run.
   *
   * @param waits what waits for people, oldest first
   * @return what they said; none if nobody answers now, so that the run is left waiting
   */
  List<Answer> answer(List<OpenWait> waits);
}
