/**
 * Signing in through an OpenID Connect provider: what is asked, and what of its answers is
 * believed.
 */
@NullMarked
package dev.pipewright.state.oidc;

import org.jspecify.annotations.NullMarked;
