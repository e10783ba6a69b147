package dev.pipewright.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pipewright.protocol.json.Json;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A small OpenID Connect provider: it signs in whoever comes, or asks them first, checks client,
 * code and PKCE as a real one does, and can be told to lie. Thread-safe.
 */
public final class CannedProvider implements AutoCloseable {
  public static final String CLIENT = "pipewright-ci";
  public static final String SECRET = "s3cret of +the/client";

  /** How tokens are signed. */
  public enum Signing {
    RS256,
    ES256,
    /** With a key the provider does not publish, under the name of one it does. */
    STRANGER,
    /** With a key that is published, but too short. */
    SHORT,
    /** With the published key, and then changed. */
    CHANGED,
    /** With the public key as if it were shared. */
    HS256,
    NONE
  }

  private static final KeyPair RSA = pair("RSA", 2048);
  private static final KeyPair NEXT_RSA = pair("RSA", 2048);
  private static final KeyPair STRANGER = pair("RSA", 2048);
  private static final KeyPair SHORT = pair("RSA", 1024);
  private static final KeyPair EC = pair("EC", 256);

  /** What is said of who comes; laid over the usual claims, null takes one away. */
  public final Map<String, @Nullable Object> claims = Collections.synchronizedMap(new TreeMap<>());

  /** What the provider says of itself; laid over the usual, null takes something away. */
  public final Map<String, @Nullable Object> metadata =
      Collections.synchronizedMap(new TreeMap<>());

  /** What is said of how a token is signed; laid over what is true. */
  public final Map<String, Object> header = Collections.synchronizedMap(new TreeMap<>());

  /** Text that a path answers with, whatever it is asked. */
  public final Map<String, String> instead = new ConcurrentHashMap<>();

  /**
   * The people who can sign in at a page, by name, with their groups; without any, whoever comes is
   * signed in at once.
   */
  public final Map<String, List<String>> people = new ConcurrentHashMap<>();

  /** How often the keys were asked for. */
  public final AtomicInteger keysAsked = new AtomicInteger();

  /** Every query that browsers came with. */
  public final List<Map<String, String>> visits = new CopyOnWriteArrayList<>();

  public volatile Signing signing = Signing.RS256;
  public volatile @Nullable String error;
  public volatile boolean forgetsCodes;
  public volatile String issuer;
  private volatile boolean rotated;

  private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();
  private final HttpServer server;

  /**
   * @param port 0 for any
   */
  public CannedProvider(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    issuer = "http://127.0.0.1:" + port();
    server.createContext("/.well-known/openid-configuration", this::describe);
    server.createContext("/keys", this::keys);
    server.createContext("/authorize", this::authorize);
    server.createContext("/token", this::token);
    server.start();
  }

  public int port() {
    return server.getAddress().getPort();
  }

  private static KeyPair pair(String algorithm, int size) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(size);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Signs with another key from now on, and does not publish the one before any more. */
  public void rotate() {
    rotated = true;
  }

  private KeyPair rsa() {
    return rotated ? NEXT_RSA : RSA;
  }

  private String rsaId() {
    return rotated ? "rsa-2" : "rsa-1";
  }

  private void describe(HttpExchange exchange) throws IOException {
    String here = "http://127.0.0.1:" + port();
    Map<String, @Nullable Object> said = new TreeMap<>();
    said.put("issuer", issuer);
    said.put("authorization_endpoint", here + "/authorize");
    said.put("token_endpoint", here + "/token");
    said.put("jwks_uri", here + "/keys");
    said.put("subject_types_supported", List.of("public"));
    said.put("scopes_supported", List.of("openid", "groups"));
    said.putAll(metadata);
    said.values().removeIf(Objects::isNull);
    answer(exchange, 200, said);
  }

  /** Among them are one that nobody knows, one that cannot be read, and one that is too short. */
  private void keys(HttpExchange exchange) throws IOException {
    keysAsked.incrementAndGet();
    ECPublicKey ec = (ECPublicKey) EC.getPublic();
    Map<String, String> curve =
        Map.of(
            "kty",
            "EC",
            "kid",
            "ec-1",
            "crv",
            "P-256",
            "alg",
            "ES256",
            "x",
            base64(bytes(ec.getW().getAffineX(), 32)),
            "y",
            base64(bytes(ec.getW().getAffineY(), 32)));
    answer(
        exchange,
        200,
        Map.of(
            "keys",
            List.of(
                Map.of("kty", "of-tomorrow", "kid", "odd-1"),
                Map.of("kty", "EC", "kid", "odd-2", "crv", "P-0", "x", "AA", "y", "AA"),
                Map.of("kty", "EC", "kid", "odd-3", "crv", "P-256", "x", "AA", "y", "AA"),
                Map.of("kty", "RSA", "kid", "odd-4", "n", "", "e", "", "alg", List.of()),
                published("short-1", SHORT),
                published(rsaId(), rsa()),
                curve)));
  }

  private static Map<String, String> published(String id, KeyPair pair) {
    RSAPublicKey rsa = (RSAPublicKey) pair.getPublic();
    int length = rsa.getModulus().bitLength() / 8;
    return Map.of(
        "kty",
        "RSA",
        "kid",
        id,
        "use",
        "sig",
        "n",
        base64(bytes(rsa.getModulus(), length)),
        "e",
        base64(rsa.getPublicExponent().toByteArray()));
  }

  private static byte[] bytes(BigInteger number, int length) {
    byte[] all = number.toByteArray();
    byte[] exact = new byte[length];
    int from = Math.max(0, all.length - length);
    System.arraycopy(all, from, exact, length - (all.length - from), all.length - from);
    return exact;
  }

  private void authorize(HttpExchange exchange) throws IOException {
    Map<String, String> query = parse(exchange.getRequestURI().getRawQuery());
    boolean isEntered = exchange.getRequestMethod().equals("POST");
    Map<String, String> entered = isEntered ? form(exchange) : Map.of();
    String name = entered.getOrDefault("name", "");
    String refusal = "no".equals(entered.get("answer")) ? "access_denied" : error;
    if (!isEntered) {
      visits.add(query);
    }
    if (refusal == null && !people.isEmpty() && !people.containsKey(name)) {
      SignInForm.show(exchange, isEntered);
      return;
    }
    if (people.containsKey(name)) {
      claims.put("preferred_username", name);
      claims.put("groups", people.get(name));
    }
    String code = UUID.randomUUID().toString();
    codes.put(code, query);
    String target =
        query.get("redirect_uri")
            + "?state="
            + query.get("state")
            + (refusal == null ? "&code=" + code : "&error=" + refusal)
            + "&iss="
            + encoded(issuer);
    exchange.getResponseHeaders().set("Location", target);
    exchange.sendResponseHeaders(302, -1);
    exchange.close();
  }

  private void token(HttpExchange exchange) throws IOException {
    Map<String, String> form = form(exchange);
    Map<String, String> begun = codes.remove(form.getOrDefault("code", ""));
    boolean proven =
        begun != null
            && !forgetsCodes
            && Objects.equals(begun.get("redirect_uri"), form.get("redirect_uri"))
            && "S256".equals(begun.get("code_challenge_method"))
            && hash(form.getOrDefault("code_verifier", "")).equals(begun.get("code_challenge"));
    if (!isClient(exchange.getRequestHeaders().getFirst("Authorization"), form)) {
      answer(exchange, 401, Map.of("error", "invalid_client"));
    } else if (!proven) {
      answer(exchange, 400, Map.of("error", "invalid_grant"));
    } else {
      String nonce = begun.getOrDefault("nonce", "");
      answer(
          exchange,
          200,
          Map.of("access_token", "opaque", "token_type", "Bearer", "id_token", idToken(nonce)));
    }
  }

  /** Whether the client says who it is in the one way that the provider takes. */
  private boolean isClient(@Nullable String authorization, Map<String, String> form) {
    Object ways = metadata.get("token_endpoint_auth_methods_supported");
    if (ways == null) {
      String both = encoded(CLIENT) + ":" + encoded(SECRET);
      byte[] bytes = both.getBytes(StandardCharsets.UTF_8);
      return ("Basic " + Base64.getEncoder().encodeToString(bytes)).equals(authorization);
    }
    String secret = ways.equals(List.of("client_secret_post")) ? SECRET : null;
    return authorization == null
        && CLIENT.equals(form.get("client_id"))
        && Objects.equals(secret, form.get("client_secret"));
  }

  private String idToken(String nonce) {
    long now = InstantSource.system().instant().getEpochSecond();
    Map<String, @Nullable Object> said = new TreeMap<>();
    said.put("iss", issuer);
    said.put("sub", "subject-of-ada");
    said.put("aud", CLIENT);
    said.put("exp", now + 300);
    said.put("iat", now);
    said.put("nonce", nonce);
    said.put("preferred_username", "ada");
    said.putAll(claims);
    said.values().removeIf(Objects::isNull);
    boolean curve = signing == Signing.ES256;
    Map<String, Object> head = new TreeMap<>();
    head.put("alg", algorithm());
    if (signing != Signing.NONE) {
      head.put("kid", curve ? "ec-1" : signing == Signing.SHORT ? "short-1" : rsaId());
    }
    head.putAll(header);
    String text = base64(Json.bytes(head)) + "." + base64(Json.bytes(said));
    String signature = base64(signature(text));
    if (signing == Signing.CHANGED) {
      said.put("groups", List.of("ci-admins"));
      text = base64(Json.bytes(head)) + "." + base64(Json.bytes(said));
    }
    return text + "." + signature;
  }

  private String algorithm() {
    return switch (signing) {
      case NONE -> "none";
      case HS256, ES256 -> signing.name();
      default -> "RS256";
    };
  }

  private byte[] signature(String text) {
    try {
      return switch (signing) {
        case RS256, CHANGED -> signed("SHA256withRSA", rsa(), text);
        case STRANGER -> signed("SHA256withRSA", STRANGER, text);
        case SHORT -> signed("SHA256withRSA", SHORT, text);
        case ES256 -> signed("SHA256withECDSAinP1363Format", EC, text);
        case HS256 -> {
          Mac mac = Mac.getInstance("HmacSHA256");
          mac.init(new SecretKeySpec(RSA.getPublic().getEncoded(), "HmacSHA256"));
          yield mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
        }
        case NONE -> new byte[0];
      };
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] signed(String algorithm, KeyPair pair, String text)
      throws GeneralSecurityException {
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(pair.getPrivate());
    signature.update(text.getBytes(StandardCharsets.US_ASCII));
    return signature.sign();
  }

  private static String hash(String text) {
    try {
      return base64(
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static Map<String, String> form(HttpExchange exchange) throws IOException {
    return parse(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
  }

  private static Map<String, String> parse(String form) {
    return Arrays.stream(form.split("&", -1))
        .map(pair -> pair.split("=", 2))
        .collect(
            Collectors.toMap(
                pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
  }

  private void answer(HttpExchange exchange, int status, Object body) throws IOException {
    String other = instead.get(exchange.getRequestURI().getPath());
    byte[] json = other == null ? Json.bytes(body) : other.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, json.length);
    exchange.getResponseBody().write(json);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
