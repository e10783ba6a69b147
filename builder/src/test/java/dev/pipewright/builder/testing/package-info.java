/** What the Builder's tests share: real repositories, and a State-Controller in memory. */
@NullMarked
package dev.pipewright.builder.testing;

import org.jspecify.annotations.NullMarked;
