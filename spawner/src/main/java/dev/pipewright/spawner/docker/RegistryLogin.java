package dev.pipewright.spawner.docker;

/**
 * Who pulls images of a registry.
 *
 * @param registry its host with the port, as images name it
 */
public record RegistryLogin(String registry, String user, String password) {
  /** Says whom it is for, but not the password. */
  @Override
  public String toString() {
    return user + " at " + registry;
  }
}
