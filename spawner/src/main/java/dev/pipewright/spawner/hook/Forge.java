package dev.pipewright.spawner.hook;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.api.ForgeKind;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How each kind of sender proves itself, and names and writes its deliveries. Immutable. */
class Forge {
  private static final Forge GITHUB =
      new Forge(
          Signature.in("X-Hub-Signature-256"),
          List.of("X-GitHub-Delivery"),
          List.of("X-GitHub-Event"),
          GitHubHook::read);
  private static final Forge GITLAB =
      new Forge(
          new GitLabProof(),
          List.of("webhook-id", "Idempotency-Key", "X-Gitlab-Event-UUID"),
          List.of("X-Gitlab-Event"),
          GitLabHook::read);
  private static final Forge GITEA =
      new Forge(
          Signature.in("X-Gitea-Signature", "X-Gogs-Signature", "X-Hub-Signature-256")
              .orOfPayload(),
          List.of("X-Gitea-Delivery", "X-Gogs-Delivery", "X-GitHub-Delivery"),
          List.of("X-Gitea-Event", "X-Gogs-Event", "X-GitHub-Event"),
          GogsHook::readGitea);
  private static final Forge FORGEJO =
      new Forge(
          Signature.in(
                  "X-Forgejo-Signature",
                  "X-Gitea-Signature",
                  "X-Gogs-Signature",
                  "X-Hub-Signature-256")
              .orOfPayload(),
          List.of("X-Forgejo-Delivery", "X-Gitea-Delivery", "X-Gogs-Delivery", "X-GitHub-Delivery"),
          List.of("X-Forgejo-Event", "X-Gitea-Event", "X-Gogs-Event", "X-GitHub-Event"),
          GogsHook::readGitea);
  private static final Forge GOGS =
      new Forge(
          Signature.in("X-Gogs-Signature", "X-Hub-Signature-256").orOfPayload(),
          List.of("X-Gogs-Delivery", "X-GitHub-Delivery"),
          List.of("X-Gogs-Event", "X-GitHub-Event"),
          GogsHook::read);
  private static final Forge BITBUCKET_CLOUD =
      new Forge(
          Signature.in("X-Hub-Signature"),
          List.of("X-Request-UUID"),
          List.of("X-Event-Key"),
          BitbucketCloudHook::read);
  private static final Forge BITBUCKET_DATACENTER =
      new Forge(
          Signature.in("X-Hub-Signature"),
          List.of("X-Request-Id"),
          List.of("X-Event-Key"),
          BitbucketDataCenterHook::read);

  /** Sends neither headers nor ids; the same bytes are the same event, sent once more. */
  private static final Forge GERRIT =
      new Forge(new UrlToken(), List.of(), List.of(), GerritHook::read) {
        @Override
        String event(HookRequest request) {
          return word(request.tree().at("type").text(), "The body names no event as type.");
        }

        @Override
        @Nullable String deliveryId(HookRequest request) {
          return BlobDigest.of(request.raw()).hex().substring(0, 32);
        }
      };

  private static final Forge PLAIN_GIT =
      new Forge(
          Signature.in("X-Hub-Signature-256"),
          List.of("X-Pipewright-Delivery"),
          List.of(),
          PlainGitHook::read) {
        @Override
        String event(HookRequest request) {
          return "post-receive";
        }
      };

  private static final int LONGEST_ID = 500;
  private static final Pattern EVENT = Pattern.compile("[A-Za-z][A-Za-z0-9_: -]{0,59}");

  private final Proof proof;
  private final List<String> deliveryHeaders;
  private final List<String> eventHeaders;
  private final BiFunction<String, HookRequest, Reading> reader;

  private Forge(
      Proof proof,
      List<String> deliveryHeaders,
      List<String> eventHeaders,
      BiFunction<String, HookRequest, Reading> reader) {
    this.proof = proof;
    this.deliveryHeaders = deliveryHeaders;
    this.eventHeaders = eventHeaders;
    this.reader = reader;
  }

  static Forge of(ForgeKind kind) {
    return switch (kind) {
      case GITHUB -> GITHUB;
      case GITLAB -> GITLAB;
      case GITEA -> GITEA;
      case FORGEJO -> FORGEJO;
      case GOGS -> GOGS;
      case BITBUCKET_CLOUD -> BITBUCKET_CLOUD;
      case BITBUCKET_DATACENTER -> BITBUCKET_DATACENTER;
      case GERRIT -> GERRIT;
      case PLAIN_GIT -> PLAIN_GIT;
    };
  }

  /** Why the delivery is not believed; empty if it is. */
  Optional<String> fault(String secret, HookRequest request) {
    return proof.fault(secret, request);
  }

  /** The kind of event the delivery is about, a plain word. */
  String event(HookRequest request) {
    String header = request.headers().present(eventHeaders);
    return word(request.headers().single(header), "The header " + header + " names no event.");
  }

  static String word(Optional<String> text, String otherwise) {
    return text.filter(event -> EVENT.matcher(event).matches())
        .orElseThrow(() -> new MalformedHookException(otherwise));
  }

  /**
   * The sender's own id of the delivery, if it gives one that can be used. What a proxy on the way
   * has made of it is no reason to refuse the delivery, which would be the same change under any
   * other id.
   */
  @Nullable String deliveryId(HookRequest request) {
    List<String> ids = request.headers().all(request.headers().present(deliveryHeaders));
    return ids.size() == 1 && ids.getFirst().length() <= LONGEST_ID ? ids.getFirst() : null;
  }

  /** What the body says. */
  Reading read(String event, HookRequest request) {
    return reader.apply(event, request);
  }
}
