/**
 * Conditions that say which real dependencies a test needs, and an OpenID Connect provider. Used by
 * the tests of every module.
 */
@NullMarked
package dev.pipewright.testing;

import org.jspecify.annotations.NullMarked;
