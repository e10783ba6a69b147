package dev.pipewright.spawner.queue;

import dev.pipewright.protocol.client.WorkClient;
import dev.pipewright.spawner.launch.Launcher;
import java.time.InstantSource;

/** What everybody who watches a unit needs. */
record Watching(QueueConfig config, WorkClient client, Launcher launcher, InstantSource clock) {}
