package dev.pipewright.spawner;

import dev.pipewright.spawner.queue.QueueConfig;
import java.net.URI;

/**
 * Settings of a Spawner.
 *
 * @param publicUrl where senders of webhooks reach this server; written into hook scripts
 * @param queue how runs are started and watched
 */
public record SpawnerConfig(URI publicUrl, QueueConfig queue) {}
