/**
 * How a tested run is played: what its tasks do, what time it is, and what lies outside of its
 * engines. Authors of tests never need this package. Start with {@link
 * dev.pipewright.test.play.Play}.
 */
@org.jspecify.annotations.NullMarked
package dev.pipewright.test.play;
