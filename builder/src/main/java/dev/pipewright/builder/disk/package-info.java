/** What a Builder keeps on its disk only because it may be of use again. */
@NullMarked
package dev.pipewright.builder.disk;

import org.jspecify.annotations.NullMarked;
