package dev.pipewright.builder.image;

/** What a cleaning has removed, and how many bytes that frees at most. */
public record Cleaned(int count, long bytes) {
  static final Cleaned NOTHING = new Cleaned(0, 0);

  Cleaned and(Cleaned other) {
    return new Cleaned(count + other.count, bytes + other.bytes);
  }
}
