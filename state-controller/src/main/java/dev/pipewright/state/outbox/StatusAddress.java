package dev.pipewright.state.outbox;

import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.ForgeKind;
import dev.pipewright.protocol.api.Problem;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the API of a forge takes the statuses of a repository: told from the URL of the repository
 * and from what an administrator says, never from a webhook.
 *
 * @param api address of the API, without a slash at the end
 * @param repository the path of the repository there
 */
public record StatusAddress(URI api, String repository) {
  private static final Pattern SCP = Pattern.compile("[A-Za-z0-9._-]+@([A-Za-z0-9.-]+):/?(.+)");
  private static final Pattern PART = Pattern.compile("[A-Za-z0-9._~-]{1,100}");
  private static final String GITLAB_API = "/api/v4";

  /** What is known of a repository from its URL: {@code web} is empty for a path. */
  private record Clone(String scheme, String web, List<String> parts) {}

  /**
   * The address for a repository of this forge.
   *
   * @param api the API as an administrator has given it; null: told from the URL
   * @throws ApiException MALFORMED, saying why statuses cannot be sent there
   */
  public static StatusAddress of(ForgeKind forge, String url, @Nullable String api) {
    if (forge == ForgeKind.GOGS || forge == ForgeKind.PLAIN_GIT) {
      throw malformed(
          forge == ForgeKind.GOGS
              ? "Gogs has no API for commit statuses."
              : "A plain-git source has no forge that could show statuses: name it with --forge.");
    }
    Clone clone = clone(url);
    if (api == null && clone.web().isEmpty()) {
      throw malformed("The API cannot be told from a path: give it with --api.");
    }
    URI given = api == null ? null : address(api);
    List<String> repository = repository(forge, clone, given);
    int expected = forge == ForgeKind.GITLAB || forge == ForgeKind.GERRIT ? repository.size() : 2;
    if (repository.isEmpty() || (forge != ForgeKind.GERRIT && repository.size() < 2)) {
      throw malformed("The URL of the source does not end with OWNER/REPOSITORY.");
    }
    if (repository.size() != expected || !repository.stream().allMatch(StatusAddress::isPlain)) {
      throw malformed(
          "The path of the repository is '%s', which is none of a %s repository."
              .formatted(String.join("/", repository), forge.word()));
    }
    return new StatusAddress(
        given == null ? usual(forge, clone) : given, String.join("/", repository));
  }

  private static boolean isPlain(String part) {
    return PART.matcher(part).matches() && !part.equals(".") && !part.equals("..");
  }

  private static Clone clone(String url) {
    Matcher scp = SCP.matcher(url);
    if (scp.matches()) {
      return new Clone("ssh", "https://" + scp.group(1), parts(scp.group(2)));
    }
    if (url.startsWith("/")) {
      return new Clone("file", "", parts(url));
    }
    try {
      URI uri = new URI(url);
      String scheme = String.valueOf(uri.getScheme());
      String path = uri.getRawPath() == null ? "" : uri.getRawPath();
      if (uri.getHost() == null || scheme.equals("file")) {
        return new Clone("file", "", parts(path));
      }
      boolean web = scheme.equals("http") || scheme.equals("https");
      String port = web && uri.getPort() >= 0 ? ":" + uri.getPort() : "";
      return new Clone(
          scheme, (web ? scheme : "https") + "://" + uri.getHost() + port, parts(path));
    } catch (URISyntaxException e) {
      throw malformed("The repository cannot be told from the URL of the source.");
    }
  }

  private static List<String> parts(String path) {
    String plain = path.replaceFirst("/+$", "").replaceFirst("\\.git$", "");
    return Arrays.stream(plain.split("/", -1)).filter(part -> !part.isEmpty()).toList();
  }

  private static List<String> last(List<String> parts, int count) {
    return parts.subList(Math.max(0, parts.size() - count), parts.size());
  }

  private static List<String> repository(ForgeKind forge, Clone clone, @Nullable URI api) {
    return switch (forge) {
      case GITHUB, BITBUCKET_CLOUD ->
          clone.web().isEmpty() ? last(clone.parts(), 2) : clone.parts();
      // These may be served below a path.
      case GITEA, FORGEJO, BITBUCKET_DATACENTER -> last(clone.parts(), 2);
      case GITLAB ->
          clone.web().isEmpty() ? last(clone.parts(), 2) : below(path(api), clone.parts());
      case GERRIT, GOGS, PLAIN_GIT -> clone.parts();
    };
  }

  private static List<String> path(@Nullable URI api) {
    String path = api == null || api.getRawPath() == null ? "" : api.getRawPath();
    return path.endsWith(GITLAB_API)
        ? parts(path.substring(0, path.length() - GITLAB_API.length()))
        : List.of();
  }

  private static List<String> below(List<String> root, List<String> parts) {
    return parts.size() > root.size() && parts.subList(0, root.size()).equals(root)
        ? parts.subList(root.size(), parts.size())
        : parts;
  }

  private static URI usual(ForgeKind forge, Clone clone) {
    String web = clone.web();
    return URI.create(
        switch (forge) {
          case GITHUB -> web.endsWith("//github.com") ? "https://api.github.com" : web + "/api/v3";
          case GITLAB -> web + GITLAB_API;
          case GITEA, FORGEJO -> web + root(clone, 2) + "/api/v1";
          case BITBUCKET_CLOUD -> "https://api.bitbucket.org/2.0";
          // Over HTTP, the path is /scm/KEY/REPOSITORY.
          case BITBUCKET_DATACENTER -> web + root(clone, 3) + "/rest/api/1.0";
          case GERRIT, GOGS, PLAIN_GIT -> web;
        });
  }

  /** The path a forge is served below, if the last {@code own} parts are its own. */
  private static String root(Clone clone, int own) {
    int end = clone.parts().size() - own;
    return end <= 0 || clone.scheme().equals("ssh")
        ? ""
        : "/" + String.join("/", clone.parts().subList(0, end));
  }

  private static URI address(String api) {
    try {
      URI uri = new URI(api.endsWith("/") ? api.substring(0, api.length() - 1) : api);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (web
          && uri.getHost() != null
          && uri.getRawUserInfo() == null
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null
          && api.length() <= 1000) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Said below, in our words.
    }
    throw malformed(
        "The address of an API begins with http:// or https:// and has no user and no query, like"
            + " https://git.example/api/v4.");
  }

  private static ApiException malformed(String title) {
    return new ApiException(Problem.Code.MALFORMED, title);
  }
}
