package dev.pipewright.protocol.api;

import org.jspecify.annotations.Nullable;

/**
 * How people can sign in beside by a token.
 *
 * @param provider the host of the OpenID Connect provider that {@code /login/oidc} leads to; null
 *     if there is none
 */
public record SignInWays(@Nullable String provider) {}
