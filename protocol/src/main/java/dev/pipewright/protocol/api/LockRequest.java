package dev.pipewright.protocol.api;

/**
 * An engine wants a lock, or gives it back. One run may want the same lock for several keys; each
 * waits its turn.
 *
 * @param key the node that wants it, see {@link dev.pipewright.protocol.event.RunEvent.Noted}
 */
public record LockRequest(long fence, String name, String key) {}
