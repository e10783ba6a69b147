package dev.pipewright.protocol.api;

import dev.pipewright.protocol.SourceName;
import java.net.URI;

/** Where the statuses of a source go, without the token. */
public record StatusView(SourceName source, String forge, URI api, String repository) {}
