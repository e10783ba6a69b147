package dev.pipewright.engine.git;

import dev.pipewright.engine.log.StepLog;
import dev.pipewright.engine.step.Commands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Fetches the one commit without its history: with the {@code git} of the image where there is one,
 * because that starts faster, and with JGit where there is none. A server that is away for a
 * moment, as when it is started again, is asked again.
 */
public final class FetchedCommit implements Checkout {
  private static final List<Duration> PAUSES =
      Stream.of(1, 2, 4, 8, 15).map(Duration::ofSeconds).toList();

  private final Remote remote;
  private final List<Duration> pauses;

  /** Asks a server again for as long as {@code outage} may last; other places only once. */
  public static FetchedCommit of(Remote remote, Duration outage) {
    List<Duration> pauses = new ArrayList<>();
    Duration waited = Duration.ZERO;
    for (Duration pause : remote.url().startsWith("http") ? PAUSES : List.<Duration>of()) {
      waited = waited.plus(pause);
      if (waited.compareTo(outage) <= 0) {
        pauses.add(pause);
      }
    }
    return new FetchedCommit(remote, pauses);
  }

  /** {@code pauses} lie between the attempts. */
  public FetchedCommit(Remote remote, List<Duration> pauses) {
    this.remote = remote;
    this.pauses = List.copyOf(pauses);
  }

  @Override
  public void into(Commands commands, Map<String, String> environment, StepLog log)
      throws CheckoutException, InterruptedException {
    patiently(commands, log);
    MissingContent.refuse(commands.workspace(), environment);
  }

  private void patiently(Commands commands, StepLog log)
      throws CheckoutException, InterruptedException {
    for (Duration pause : pauses) {
      try {
        fetch(commands, log);
        return;
      } catch (CheckoutException e) {
        log.line(e.getMessage() + " It is tried again.");
        TimeUnit.NANOSECONDS.sleep(pause.toNanos());
      }
    }
    fetch(commands, log);
  }

  private void fetch(Commands commands, StepLog log)
      throws CheckoutException, InterruptedException {
    if (commands.has("git")) {
      new GitFetch(remote, commands, log).run();
    } else {
      new JGitFetch(remote, commands.workspace()).run();
    }
    log.line("Checked out " + remote.commit() + ".");
  }
}
