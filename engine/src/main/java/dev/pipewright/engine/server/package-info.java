/**
 * What a launch for a server needs beside the walk: where it begins, its journal, and what steps
 * may ask of the server. Start with {@link dev.pipewright.engine.server.ServerStart}.
 */
@org.jspecify.annotations.NullMarked
package dev.pipewright.engine.server;
