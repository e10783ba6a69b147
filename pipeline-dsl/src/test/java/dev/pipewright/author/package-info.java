/** The language seen from outside, as a pipeline author sees it. */
@org.jspecify.annotations.NullMarked
package dev.pipewright.author;
