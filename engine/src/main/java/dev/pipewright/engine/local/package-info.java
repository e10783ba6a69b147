/**
 * What a run without a server has instead of one: a folder with its events, locks of the machine,
 * runs of the same tree, and people at a terminal. Start with {@link
 * dev.pipewright.engine.local.LocalFolder}.
 */
@org.jspecify.annotations.NullMarked
package dev.pipewright.engine.local;
