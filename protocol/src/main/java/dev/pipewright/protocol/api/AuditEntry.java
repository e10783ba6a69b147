package dev.pipewright.protocol.api;

import java.time.Instant;

/**
 * A write that a person made or tried.
 *
 * @param id grows with time, with gaps
 * @param who the name of the token or user
 * @param as what they were allowed at that time
 * @param what the meaning of the route
 * @param target the address of what it was about, below {@code /api/v1}
 * @param status the HTTP status of the answer: below 400 it was done
 * @param from the network address the request came from
 */
public record AuditEntry(
    long id,
    Instant at,
    String who,
    TokenSelf.Kind as,
    String what,
    String target,
    int status,
    String from) {}
