package dev.pipewright.dsl;

/**
 * How a command ended.
 *
 * @param stdout its standard output as UTF-8, without the error output; the first 16 MiB
 * @param exitCode its exit code; 128 + the signal if a signal ended it
 */
public record ShellResult(String stdout, int exitCode) {

  /** {@return true if the exit code is zero} */
  public boolean succeeded() {
    return exitCode == 0;
  }
}
