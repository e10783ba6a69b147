/**
 * The values of secrets and how they come to a step. Start with {@link
 * dev.pipewright.engine.secret.SecretSource}.
 */
@org.jspecify.annotations.NullMarked
package dev.pipewright.engine.secret;
