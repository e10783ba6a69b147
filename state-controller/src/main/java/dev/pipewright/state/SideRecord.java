package dev.pipewright.state;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.SideRequest;
import dev.pipewright.protocol.api.SideView;
import dev.pipewright.protocol.api.SideWork;
import org.jspecify.annotations.Nullable;

/**
 * A container beside the engine of a launch, as it is kept. Its changes are pure.
 *
 * @param output the last of what a service printed, once it ended
 * @param unwanted whether the engine has said that it needs it no more
 */
public record SideRecord(
    RunId run,
    int attempt,
    int workspace,
    SideRequest wish,
    SideView.State state,
    @Nullable Integer exitCode,
    @Nullable String reason,
    boolean unwanted,
    @Nullable String output) {

  /** Where it is kept. */
  static String id(RunId run, long fence, String key) {
    return run + "|" + fence + "|" + key;
  }

  String id() {
    return id(run, wish.fence(), wish.key());
  }

  /** True once nothing changes any more. */
  boolean over() {
    return state == SideView.State.ENDED || state == SideView.State.FAILED;
  }

  SideRecord in(SideView.State next, @Nullable Integer code, @Nullable String why) {
    return new SideRecord(run, attempt, workspace, wish, next, code, why, unwanted, output);
  }

  SideRecord printed(@Nullable String last) {
    return new SideRecord(run, attempt, workspace, wish, state, exitCode, reason, unwanted, last);
  }

  SideRecord unneeded() {
    return new SideRecord(run, attempt, workspace, wish, state, exitCode, reason, true, output);
  }

  SideView view() {
    return new SideView(wish.key(), state, exitCode, reason, output);
  }

  SideWork work() {
    return new SideWork(
        unwanted ? SideWork.Order.STOP : SideWork.Order.START,
        run,
        attempt,
        wish.fence(),
        wish.key(),
        wish.name(),
        wish.image(),
        wish.command(),
        workspace);
  }
}
