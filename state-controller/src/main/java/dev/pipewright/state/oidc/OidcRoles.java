package dev.pipewright.state.oidc;

import dev.pipewright.protocol.api.Role;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;

/**
 * Which groups of a provider have which role.
 *
 * @param claim the claim that names somebody's groups; dots lead to a claim within another one
 * @param viewers empty: everybody who can sign in is a viewer
 */
public record OidcRoles(
    String claim, Set<String> admins, Set<String> operators, Set<String> viewers) {
  public OidcRoles {
    admins = Set.copyOf(admins);
    operators = Set.copyOf(operators);
    viewers = Set.copyOf(viewers);
  }

  /** The highest role that somebody in these groups has; empty for none. */
  Optional<Role> of(Collection<String> groups) {
    if (!Collections.disjoint(admins, groups)) {
      return Optional.of(Role.ADMIN);
    }
    if (!Collections.disjoint(operators, groups)) {
      return Optional.of(Role.OPERATOR);
    }
    return viewers.isEmpty() || !Collections.disjoint(viewers, groups)
        ? Optional.of(Role.VIEWER)
        : Optional.empty();
  }
}
