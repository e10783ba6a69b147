/** Tests of what is served, and of the pages in a real browser. Start with CannedServer. */
@NullMarked
package dev.pipewright.ui.http;

import org.jspecify.annotations.NullMarked;
