package dev.pipewright.spawner.hook;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The kinds of senders: how each one signs, names and writes its deliveries. */
enum Forge {
  GITHUB("X-GitHub-Delivery") {
    @Override
    Optional<String> fault(@Nullable String secret, HookHeaders headers, byte[] body) {
      return secret == null
          ? Optional.of(
              "The source has no secret: GitHub deliveries are believed only when they are signed.")
          : Signature.fault(headers, body, secret);
    }

    @Override
    String event(HookHeaders headers) {
      return headers
          .single("X-GitHub-Event")
          .filter(event -> event.matches("[a-z_]{1,60}"))
          .orElseThrow(
              () -> new MalformedHookException("The header X-GitHub-Event names no event."));
    }

    @Override
    Reading read(String event, HookHeaders headers, byte[] body) {
      return GitHubHook.read(event, headers, body);
    }
  },

  /** A post-receive hook; unsigned deliveries are believed as long as no secret is configured. */
  PLAIN_GIT("X-Pipewright-Delivery") {
    @Override
    Optional<String> fault(@Nullable String secret, HookHeaders headers, byte[] body) {
      return secret == null ? Optional.empty() : Signature.fault(headers, body, secret);
    }

    @Override
    String event(HookHeaders headers) {
      return "post-receive";
    }

    @Override
    Reading read(String event, HookHeaders headers, byte[] body) {
      return PlainGitHook.read(headers, body);
    }
  },

  /** A configured word this version does not know; everything is refused. */
  UNKNOWN("X-Pipewright-Delivery") {
    @Override
    Optional<String> fault(@Nullable String secret, HookHeaders headers, byte[] body) {
      return Optional.of(
          "The source is of a forge that is not supported: use github or plain-git.");
    }

    @Override
    String event(HookHeaders headers) {
      throw new MalformedHookException("The forge is not supported.");
    }

    @Override
    Reading read(String event, HookHeaders headers, byte[] body) {
      throw new MalformedHookException("The forge is not supported.");
    }
  };

  private final String deliveryHeader;

  Forge(String deliveryHeader) {
    this.deliveryHeader = deliveryHeader;
  }

  static Forge of(String configured) {
    return switch (configured) {
      case "github" -> GITHUB;
      case "plain-git" -> PLAIN_GIT;
      default -> UNKNOWN;
    };
  }

  /** The header that carries the sender's own id of the delivery. */
  String deliveryHeader() {
    return deliveryHeader;
  }

  /** Why the delivery is not believed; empty if it is. */
  abstract Optional<String> fault(@Nullable String secret, HookHeaders headers, byte[] body);

  /** The kind of event the delivery is about. */
  abstract String event(HookHeaders headers);

  /** What the body says. */
  abstract Reading read(String event, HookHeaders headers, byte[] body);
}
