/**
 * The numbers for monitoring; docs/metrics.md has every name. Start with Meters, which everything
 * that happens is told; Registries says to whom the numbers go.
 */
@NullMarked
package dev.pipewright.state.metrics;

import org.jspecify.annotations.NullMarked;
