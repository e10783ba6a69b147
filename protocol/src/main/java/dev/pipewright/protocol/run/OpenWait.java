package dev.pipewright.protocol.run;

import dev.pipewright.protocol.StepPath;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A wait that has no answer yet.
 *
 * @param key its address; answers by programs name it
 * @param path the step that waits; answers by people name it; null for a container without a path
 */
public record OpenWait(String key, @Nullable StepPath path, Wait what, Instant since) {}
