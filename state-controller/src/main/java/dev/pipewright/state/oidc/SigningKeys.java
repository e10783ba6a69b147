package dev.pipewright.state.oidc;

import dev.pipewright.protocol.json.JsonTree;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The public keys of a provider, from its JSON Web Key Set. Immutable. */
final class SigningKeys {
  private static final int SHORTEST_RSA = 2048;

  /** The only algorithms that are believed; none of them takes a key that is shared. */
  private enum Algorithm {
    RS256("RSA", "SHA256withRSA"),
    ES256("EC", "SHA256withECDSAinP1363Format");

    private final String keyType;
    private final String signature;

    Algorithm(String keyType, String signature) {
      this.keyType = keyType;
      this.signature = signature;
    }
  }

  private final List<Held> keys;

  private record Held(@Nullable String id, Algorithm algorithm, PublicKey key) {}

  private SigningKeys(List<Held> keys) {
    this.keys = keys;
  }

  /** The keys of this set that can be used here; others are passed over. */
  static SigningKeys of(JsonTree set) {
    List<Held> found = new ArrayList<>();
    for (JsonTree key : set.at("keys").elements()) {
      for (Algorithm algorithm : Algorithm.values()) {
        if (isFor(key, algorithm)) {
          try {
            found.add(new Held(key.at("kid").text().orElse(null), algorithm, read(key, algorithm)));
          } catch (GeneralSecurityException | IllegalArgumentException e) {
            // A key that cannot be read signs nothing that is believed.
          }
        }
      }
    }
    return new SigningKeys(List.copyOf(found));
  }

  private static boolean isFor(JsonTree key, Algorithm algorithm) {
    return key.at("kty").text().orElse("").equals(algorithm.keyType)
        && key.at("use").text().orElse("sig").equals("sig")
        && key.at("alg").text().orElse(algorithm.name()).equals(algorithm.name());
  }

  private static PublicKey read(JsonTree key, Algorithm algorithm) throws GeneralSecurityException {
    if (algorithm == Algorithm.RS256) {
      RSAPublicKey rsa =
          (RSAPublicKey)
              KeyFactory.getInstance("RSA")
                  .generatePublic(new RSAPublicKeySpec(number(key, "n"), number(key, "e")));
      if (rsa.getModulus().bitLength() < SHORTEST_RSA) {
        throw new IllegalArgumentException("This key is too short.");
      }
      return rsa;
    }
    if (!key.at("crv").text().orElse("").equals("P-256")) {
      throw new IllegalArgumentException("This is not the curve of ES256.");
    }
    AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
    curve.init(new ECGenParameterSpec("secp256r1"));
    return KeyFactory.getInstance("EC")
        .generatePublic(
            new ECPublicKeySpec(
                new ECPoint(number(key, "x"), number(key, "y")),
                curve.getParameterSpec(ECParameterSpec.class)));
  }

  private static BigInteger number(JsonTree key, String name) {
    return new BigInteger(1, Base64.getUrlDecoder().decode(key.at(name).text().orElse("")));
  }

  /** Whether signatures of this algorithm are believed at all. */
  static boolean isKnown(String algorithm) {
    return Arrays.stream(Algorithm.values()).anyMatch(known -> known.name().equals(algorithm));
  }

  /** Whether there is a key for this algorithm with this id; any id if it is null. */
  boolean has(String algorithm, @Nullable String id) {
    return keys.stream().anyMatch(held -> fits(held, algorithm, id));
  }

  private static boolean fits(Held held, String algorithm, @Nullable String id) {
    return held.algorithm().name().equals(algorithm) && (id == null || id.equals(held.id()));
  }

  /** Whether one of these keys made the signature. */
  boolean signed(String algorithm, @Nullable String id, byte[] text, byte[] signature) {
    return keys.stream()
        .filter(held -> fits(held, algorithm, id))
        .anyMatch(held -> verifies(held, text, signature));
  }

  private static boolean verifies(Held held, byte[] text, byte[] signature) {
    try {
      Signature check = Signature.getInstance(held.algorithm().signature);
      check.initVerify(held.key());
      check.update(text);
      return check.verify(signature);
    } catch (SignatureException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java cannot check " + held.algorithm() + ".", e);
    }
  }
}
