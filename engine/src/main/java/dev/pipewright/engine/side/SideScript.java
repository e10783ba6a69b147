package dev.pipewright.engine.side;

import dev.pipewright.engine.step.Command;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The shell script that runs one command in a container beside the engine. */
final class SideScript {
  /**
   * Runs the words it is given, with environment, output and exit code through pipes. A second
   * process waits for orders to end everything in the container.
   */
  private static final String FRAME =
      """
      #!/bin/sh
      # Made by Pipewright for one command of one step.
      here=%s
      trap ':' TERM
      exec >"$here/out" 2>&1
      . "$here/env" || exit 125
      cd %s || exit 125
      %s
      "$@" </dev/null &
      child=$!
      orders() {
        trap '' TERM
        while read -r order; do
          if [ "$PPID" -le 1 ]; then
            kill -"$order" -1
          else
            kill -"$order" "$child"
          fi
        done <"$here/orders" >/dev/null 2>&1
      }
      orders &
      waiting=$!
      while :; do
        wait "$child"
        code=$?
        kill -0 "$child" 2>/dev/null || break
      done
      kill -KILL "$waiting" 2>/dev/null
      echo "$code" >"$here/exit"
      exit "$code"
      """;

  private SideScript() {}

  /** The script for a command in {@code folder}; {@code here} holds the pipes. */
  static String of(Command command, Path folder, Path here) {
    return FRAME.formatted(quoted(here.toString()), quoted(folder.toString()), words(command));
  }

  private static String words(Command command) {
    return switch (command) {
      case Command.Program(var line) -> "set -- " + quoted(line);
      case Command.Shell(var text, var args) -> {
        String all =
            args.isEmpty()
                ? quoted(text)
                : quoted(text + " \"$@\"") + " pipewright " + quoted(args);
        yield """
        if command -v bash >/dev/null 2>&1; then
          set -- bash -euo pipefail -c %s
        else
          set -- sh -eu -c %s
        fi"""
            .formatted(all, all);
      }
    };
  }

  /**
   * The variables as a shell reads them. The search path and the home are those of the container
   * unless the step declares others.
   */
  static String environment(Map<String, String> variables) {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(variables)
        .forEach((name, value) -> text.append("export %s=%s\n".formatted(name, quoted(value))));
    return text.toString();
  }

  private static String quoted(List<String> words) {
    return String.join(" ", words.stream().map(SideScript::quoted).toList());
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
