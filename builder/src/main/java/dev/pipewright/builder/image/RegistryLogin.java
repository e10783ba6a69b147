package dev.pipewright.builder.image;

import com.google.cloud.tools.jib.api.Credential;
import com.google.cloud.tools.jib.api.CredentialRetriever;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.frontend.CredentialRetrieverFactory;
import com.google.cloud.tools.jib.registry.credentials.CredentialRetrievalException;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who this server is for a registry: as configured, else as Docker's configuration file says. */
final class RegistryLogin {
  private static final Logger log = LoggerFactory.getLogger(RegistryLogin.class);

  private final ImageRegistry registry;

  RegistryLogin(ImageRegistry registry) {
    this.registry = registry;
  }

  /** For pushing and pulling; empty if nobody logged in. */
  Optional<Credential> credential() throws IOException {
    String user = registry.user();
    String password = registry.password();
    if (user != null && password != null) {
      return Optional.of(Credential.from(user, password));
    }
    try {
      return ofDocker(ImageReference.of(registry.host(), registry.repository(), null)).retrieve();
    } catch (CredentialRetrievalException e) {
      throw new IOException(
          "The login of %s in Docker's configuration file cannot be used: %s"
              .formatted(registry.host(), e.getMessage()),
          e);
    }
  }

  /** What Docker's configuration file says for an image, asked when it is needed. */
  static CredentialRetriever ofDocker(ImageReference image) {
    return CredentialRetrieverFactory.forImage(
            image, event -> log.atDebug().addKeyValue("said", event.getMessage()).log("Login"))
        .dockerConfig();
  }
}
