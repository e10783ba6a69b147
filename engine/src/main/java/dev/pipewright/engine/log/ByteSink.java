package dev.pipewright.engine.log;

/** Takes bytes in order. Thread-safe; may block its caller until there is room. */
@FunctionalInterface
public interface ByteSink {

  /** Takes {@code length} bytes; the array belongs to the caller again when this returns. */
  void write(byte[] bytes, int offset, int length);
}
