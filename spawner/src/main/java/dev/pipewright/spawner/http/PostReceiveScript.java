package dev.pipewright.spawner.http;

import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.Routes;
import java.net.URI;

/**
 * The hook script that tells this server of every push to a plain git repository. Ref names are
 * read from standard input and sent as bytes; they never become part of the script's text.
 */
final class PostReceiveScript {
  private static final String TEXT =
      """
      #!/bin/sh
      # Tells Pipewright which branches and tags a push has changed.
      #
      # Save it as hooks/post-receive in the bare repository and make it executable. If the source
      # has a secret, put the secret into a file pipewright-hook.key beside this script, readable
      # for the owner alone. Needs curl; with a secret also openssl and od.
      # If a delivery fails, pipewright-hook.log beside this script says why.

      url=@URL@
      here=$(dirname -- "$0")
      key=$here/pipewright-hook.key
      log=$here/pipewright-hook.log
      body=$(mktemp) || exit 0
      cat >"$body"

      # HMAC-SHA256 written out, because openssl takes a key only as an argument, which every user
      # of this machine could read in the list of processes.
      sign() {
        hex=$(tr -d '\\r\\n' <"$key" | od -An -v -tx1 | tr -d ' \\n')
        if [ "${#hex}" -gt 128 ]; then
          hex=$(tr -d '\\r\\n' <"$key" | openssl dgst -sha256 -binary | od -An -v -tx1 | tr -d ' \\n')
        fi
        inner=
        outer=
        count=0
        while [ "$count" -lt 64 ]; do
          rest=${hex#??}
          byte=$((0x${hex%"$rest"}0 / 16))
          inner=$inner\\\\$(printf %03o $((byte ^ 54)))
          outer=$outer\\\\$(printf %03o $((byte ^ 92)))
          hex=$rest
          count=$((count + 1))
        done
        { printf "$inner"; cat "$body"; } | openssl dgst -sha256 -binary \\
          | { printf "$outer"; cat; } | openssl dgst -sha256 -binary | od -An -v -tx1 | tr -d ' \\n'
      }

      send() {
        id=$(od -An -v -N16 -tx1 /dev/urandom | tr -d ' \\n')
        set -- -H 'Content-Type: text/plain; charset=utf-8' -H "X-Pipewright-Delivery: $id"
        if [ -r "$key" ]; then
          set -- "$@" -H "X-Hub-Signature-256: sha256=$(sign)"
        fi
        # Every three seconds again while the server is away or busy, for four minutes.
        curl -sS --fail --max-time 20 --retry 80 --retry-delay 3 --retry-connrefused "$@" \\
          --data-binary @- "$url" <"$body" 2>"$log"
        rm -f "$body"
      }

      # In the background, so that nobody waits for it who pushes. With exec, as a shell that leads
      # the output of a function elsewhere holds on to the old one, for whose end git waits.
      (exec </dev/null >/dev/null 2>&1; send) &
      exit 0
      """;

  private PostReceiveScript() {}

  /** The script for {@code source} of the server that is reached at {@code server}. */
  static String of(URI server, SourceName source) {
    String base = server.toString().replaceAll("/+$", "");
    return TEXT.replace("@URL@", quoted(base + Routes.HOOKS + "/" + source));
  }

  /** One word of a shell, whatever it holds. */
  static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
