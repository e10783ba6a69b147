package dev.pipewright.engine.git;

import dev.pipewright.engine.log.StepLog;
import dev.pipewright.engine.step.Commands;

/**
 * Fetches the one commit without its history: with the {@code git} of the image where there is one,
 * because that starts faster, and with JGit where there is none.
 */
public final class FetchedCommit implements Checkout {
  private final Remote remote;

  public FetchedCommit(Remote remote) {
    this.remote = remote;
  }

  @Override
  public void into(Commands commands, StepLog log) throws CheckoutException, InterruptedException {
    if (commands.has("git")) {
      new GitFetch(remote, commands, log).run();
    } else {
      new JGitFetch(remote, commands.workspace()).run();
    }
    log.line("Checked out " + remote.commit() + ".");
  }
}
