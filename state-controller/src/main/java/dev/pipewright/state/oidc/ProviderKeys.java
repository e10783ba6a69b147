package dev.pipewright.state.oidc;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetRetrievalException;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The public keys of a provider, asked for whenever they are needed. Thread-safe. */
final class ProviderKeys implements JWKSetSource<SecurityContext> {
  private static final Duration FRESH = Duration.ofHours(1);

  /** Whatever the tokens name, keys are not asked for more than twice in this time. */
  private static final Duration PAUSE = Duration.ofSeconds(20);

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int SHORTEST_RSA = 2048;
  private static final String NO_KEYS = "answered with something else than keys for its keys";

  private final ProviderHttp http;
  private final URI address;

  private ProviderKeys(ProviderHttp http, URI address) {
    this.http = http;
    this.address = address;
  }

  /** The keys at this address, kept for an hour and asked for anew if a token names another one. */
  static JWKSource<SecurityContext> kept(ProviderHttp http, URI address) {
    return JWKSourceBuilder.create(new ProviderKeys(http, address))
        .cache(FRESH.toMillis(), PATIENCE.toMillis())
        .refreshAheadCache(false)
        .rateLimited(PAUSE.toMillis())
        .build();
  }

  @Override
  public JWKSet getJWKSet(
      JWKSetCacheRefreshEvaluator evaluator, long now, @Nullable SecurityContext context)
      throws JWKSetRetrievalException {
    try {
      return new JWKSet(usable(http.get(address, "its keys")));
    } catch (OidcException e) {
      throw new JWKSetRetrievalException("The keys cannot be had.", e);
    }
  }

  /** The keys of a set that can be read and are long enough; others are passed over. */
  private List<JWK> usable(String set) throws OidcException {
    List<JWK> usable = new ArrayList<>();
    for (Map<String, Object> member : members(set)) {
      try {
        JWK key = JWK.parse(member);
        if (!(key instanceof RSAKey rsa)
            || rsa.getModulus().decodeToBigInteger().bitLength() >= SHORTEST_RSA) {
          usable.add(key);
        }
      } catch (ParseException e) {
        // A key that cannot be read signs nothing that is believed.
      }
    }
    return usable;
  }

  private List<Map<String, Object>> members(String set) throws OidcException {
    try {
      Map<String, Object>[] members =
          JSONObjectUtils.getJSONObjectArray(JSONObjectUtils.parse(set), "keys");
      if (members != null) {
        return List.of(members);
      }
    } catch (ParseException e) {
      throw http.away(NO_KEYS, e);
    }
    throw http.away(NO_KEYS, null);
  }

  @Override
  public void close() {
    // The connection is not of its own.
  }
}
