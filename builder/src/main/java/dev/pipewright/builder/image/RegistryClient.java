package dev.pipewright.builder.image;

import com.google.cloud.tools.jib.api.Credential;
import dev.pipewright.protocol.json.Json;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The questions to a registry that a push does not ask: which image a tag names, which tags there
 * are, and the removal of an image. Thread-safe, blocking.
 */
final class RegistryClient implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int MOST_TAGS = 10_000;
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
  private static final Pattern PARAMETER = Pattern.compile("([a-z]+)=\"([^\"]*)\"");
  private static final List<String> MANIFESTS =
      List.of(
          "application/vnd.docker.distribution.manifest.v2+json",
          "application/vnd.oci.image.manifest.v1+json");

  private final ImageRegistry registry;
  private final RegistryLogin login;
  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(Duration.ofSeconds(5))
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private volatile @Nullable String authorization;

  RegistryClient(ImageRegistry registry, RegistryLogin login) {
    this.registry = registry;
    this.login = login;
  }

  /**
   * The digest of the image that has a tag; empty if none has.
   *
   * @throws IOException if the registry is away or refuses; the message says what to do
   */
  Optional<String> digest(String tag) throws IOException {
    HttpResponse<String> answer = send("HEAD", "/manifests/" + tag);
    if (answer.statusCode() == 404) {
      return Optional.empty();
    }
    expect(answer, 200);
    return Optional.of(
        answer
            .headers()
            .firstValue("Docker-Content-Digest")
            .filter(digest -> DIGEST.matcher(digest).matches())
            .orElseThrow(() -> new IOException(registry.host() + " names no digest of an image.")));
  }

  /** The tags of the repository, at most some thousands; none if there is no repository yet. */
  List<String> tags() throws IOException {
    HttpResponse<String> answer = send("GET", "/tags/list?n=" + MOST_TAGS);
    if (answer.statusCode() == 404) {
      return List.of();
    }
    expect(answer, 200);
    return Json.tree(answer.body().getBytes(StandardCharsets.UTF_8)).at("tags").elements().stream()
        .flatMap(tag -> tag.text().stream())
        .toList();
  }

  /** Removes an image. False if the registry is not set up to remove any. */
  boolean remove(String digest) throws IOException {
    HttpResponse<String> answer = send("DELETE", "/manifests/" + digest);
    if (answer.statusCode() == 405 || answer.statusCode() == 403) {
      return false;
    }
    if (answer.statusCode() != 404) {
      expect(answer, 202);
    }
    return true;
  }

  private void expect(HttpResponse<String> answer, int status) throws IOException {
    int code = answer.statusCode();
    if (code == 401 || code == 403) {
      throw new IOException(
          "The registry %s refuses this server (%d). Set PIPEWRIGHT_REGISTRY_USER and PIPEWRIGHT_REGISTRY_PASSWORD, or run 'docker login %s' as the server's user."
              .formatted(registry.host(), code, registry.host()));
    }
    if (code != status) {
      throw new IOException(
          "The registry %s answered %d. Look into its log, then start the run again."
              .formatted(registry.host(), code));
    }
  }

  private HttpResponse<String> send(String method, String path) throws IOException {
    HttpResponse<String> answer = sendOnce(method, path);
    Optional<String> challenge = answer.headers().firstValue("WWW-Authenticate");
    if (answer.statusCode() != 401 || challenge.isEmpty()) {
      return answer;
    }
    authorization = answerTo(challenge.get());
    return authorization == null ? answer : sendOnce(method, path);
  }

  private HttpResponse<String> sendOnce(String method, String path) throws IOException {
    URI target =
        URI.create(
            (registry.plainHttp() ? "http://" : "https://")
                + registry.host()
                + "/v2/"
                + registry.repository()
                + path);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .header("Accept", String.join(", ", MANIFESTS));
    String known = authorization;
    if (known != null) {
      request.header("Authorization", known);
    }
    return exchange(request);
  }

  private HttpResponse<String> exchange(HttpRequest.Builder request) throws IOException {
    try {
      return http.send(
          request.timeout(LIMIT).build(),
          HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("The question to the registry was interrupted.");
    } catch (IOException e) {
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new IOException(
          "The registry %s cannot be reached (%s). Start it or check --registry, then start the run again."
              .formatted(registry.host(), why),
          e);
    }
  }

  /** What a registry wants to see: a password, or a token that another server gives for it. */
  private @Nullable String answerTo(String challenge) throws IOException {
    @Nullable Credential known = login.credential().orElse(null);
    String basic = known == null ? null : basic(known);
    if (!challenge.startsWith("Bearer ")) {
      return basic;
    }
    String realm = "";
    StringBuilder query = new StringBuilder();
    Matcher parameters = PARAMETER.matcher(challenge);
    while (parameters.find()) {
      if (parameters.group(1).equals("realm")) {
        realm = parameters.group(2);
      } else if (!parameters.group(1).equals("error")) {
        query.append(query.isEmpty() ? "" : "&").append(parameters.group(1)).append('=');
        query.append(URLEncoder.encode(parameters.group(2), StandardCharsets.UTF_8));
      }
    }
    if (!realm.startsWith("https://") && !(registry.plainHttp() && realm.startsWith("http://"))) {
      throw new IOException(
          "The registry %s asks for a login at '%s', which is not https."
              .formatted(registry.host(), realm));
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(realm + (realm.contains("?") ? "&" : "?") + query));
    if (basic != null) {
      request.header("Authorization", basic);
    }
    HttpResponse<String> answer = exchange(request);
    expect(answer, 200);
    var body = Json.tree(answer.body().getBytes(StandardCharsets.UTF_8));
    return body.at("token")
        .text()
        .or(() -> body.at("access_token").text())
        .map("Bearer "::concat)
        .orElse(null);
  }

  private static String basic(Credential credential) {
    byte[] text =
        (credential.getUsername() + ":" + credential.getPassword())
            .getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(text);
  }

  @Override
  public void close() {
    http.close();
  }
}
