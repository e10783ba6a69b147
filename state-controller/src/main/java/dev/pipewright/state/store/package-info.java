/**
 * The ports to whatever keeps the state, and the folder forms of logs and blobs. Start with
 * Storage.
 */
@NullMarked
package dev.pipewright.state.store;

import org.jspecify.annotations.NullMarked;
