package dev.pipewright.state;

import java.net.URI;

/** Where the statuses of a source go, as it is kept; the token is sealed. */
public record StatusTargetRecord(URI api, String repository, String sealedToken) {}
