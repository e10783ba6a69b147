package dev.pipewright.engine.waiting;

import dev.pipewright.protocol.api.LockAnswer;
import java.io.IOException;

/** Who grants locks. Thread-safe. */
public interface Locks {

  /**
   * Wants a lock. The same key again asks for the same wish, whether it was granted or is in the
   * line; a wish that is in the line is answered under its key once it is granted.
   *
   * @throws IOException if nobody can be asked; the message is for people
   */
  LockAnswer request(String lock, String key) throws IOException, InterruptedException;

  /**
   * Gives a lock back, or leaves the line. Does nothing if there is no such wish.
   *
   * @throws IOException if nobody can be told
   */
  void release(String lock, String key) throws IOException, InterruptedException;
}
