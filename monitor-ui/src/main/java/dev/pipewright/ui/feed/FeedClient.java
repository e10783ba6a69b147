package dev.pipewright.ui.feed;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;

/**
 * Fetches one feed: within ten seconds in all, 8 MiB at most, following redirects on the same
 * server only, so that credentials go nowhere else. Not thread-safe.
 */
final class FeedClient implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final int MOST_BYTES = 8 << 20;
  private static final int MOST_REDIRECTS = 3;

  private final FeedSpec spec;
  private final ExecutorService threads;
  private final HttpClient http;
  private final CctrayReader reader = new CctrayReader();

  /**
   * A client for this feed that works on {@code threads}.
   *
   * @throws FeedException if its certificates cannot be read
   */
  FeedClient(FeedSpec spec, ExecutorService threads) throws FeedException {
    this.spec = spec;
    this.threads = threads;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1) // Some old servers trip over an offer to upgrade.
            .connectTimeout(LIMIT)
            .followRedirects(HttpClient.Redirect.NEVER);
    if (spec.ca() != null) {
      builder.sslContext(trusting(Path.of(spec.ca())));
    }
    this.http = builder.build();
  }

  private static SSLContext trusting(Path file) throws FeedException {
    try (InputStream pem = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        store.setCertificateEntry("ca-" + number++, certificate);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new FeedException("Its certificates could not be read from " + file + ".");
    }
  }

  /**
   * The projects of the feed now.
   *
   * @throws FeedException with the reason for people if it cannot be read
   */
  List<FeedProject> read() throws FeedException, InterruptedException {
    Future<byte[]> body = threads.submit(this::fetch);
    try {
      return reader.read(body.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      throw new FeedException("It did not answer within 10 seconds.");
    } catch (ExecutionException e) {
      throw because(e.getCause() == null ? e : e.getCause());
    } finally {
      body.cancel(true);
    }
  }

  private byte[] fetch() throws IOException, InterruptedException, FeedException {
    URI at = address();
    for (int hops = 0; ; hops++) {
      HttpResponse<InputStream> answer =
          http.send(request(at), HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = answer.body()) {
        int status = answer.statusCode();
        if (status >= 300 && status < 400 && hops < MOST_REDIRECTS) {
          at = redirected(at, answer.headers().firstValue("Location").orElse(""));
          continue;
        }
        if (status == 401 || status == 403) {
          throw new FeedException("It asks for other credentials (status " + status + ").");
        }
        if (status != 200) {
          throw new FeedException("It answered with status " + status + ".");
        }
        return bounded(body);
      }
    }
  }

  private URI address() {
    String parameter = spec.tokenParameter();
    String token = spec.token();
    if (parameter == null || token == null) {
      return spec.url();
    }
    String text = spec.url().toString();
    return URI.create(
        text
            + (spec.url().getRawQuery() == null ? "?" : "&")
            + encoded(parameter)
            + "="
            + encoded(token));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private HttpRequest request(URI at) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(at).timeout(LIMIT).header("Accept", "application/xml, text/xml");
    if (spec.user() != null) {
      String both = spec.user() + ":" + spec.password();
      request.header(
          "Authorization",
          "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8)));
    } else if (spec.token() != null && spec.tokenParameter() == null) {
      request.header("Authorization", "Bearer " + spec.token());
    }
    return request.build();
  }

  private static URI redirected(URI from, String location) throws FeedException {
    URI to;
    try {
      to = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new FeedException("It redirects to an address that cannot be read.");
    }
    boolean same =
        from.getScheme().equals(to.getScheme())
            && from.getHost().equals(to.getHost())
            && from.getPort() == to.getPort();
    if (location.isEmpty() || !same) {
      throw new FeedException("It redirects to another server; is a login needed?");
    }
    return to;
  }

  private static byte[] bounded(InputStream body) throws IOException, FeedException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] some = new byte[16_384];
    for (int read = body.read(some); read >= 0; read = body.read(some)) {
      all.write(some, 0, read);
      if (all.size() > MOST_BYTES) {
        throw new FeedException("It is larger than 8 MiB.");
      }
    }
    return all.toByteArray();
  }

  /** What kept a feed from being read, in words for people. */
  static FeedException because(Throwable fault) {
    return switch (fault) {
      case FeedException known -> known;
      case InvalidPathException bad ->
          new FeedException("Its \"ca\" is no path of a file: " + bad.getReason() + ".");
      case HttpTimeoutException _ -> new FeedException("It did not answer within 10 seconds.");
      case SSLException _ ->
          new FeedException("Its certificate is not trusted; name its authority in \"ca\".");
      case java.net.ConnectException _ -> new FeedException("Its server cannot be reached.");
      default ->
          new FeedException("It could not be read (" + fault.getClass().getSimpleName() + ").");
    };
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
