package dev.pipewright.spawner.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.time.Duration;

/** The way to a Docker daemon. */
final class Daemon {
  private static final int CONNECTIONS = 200;

  private Daemon() {}

  /** A client that connects when it is used first. Each container that is waited for keeps one. */
  static DockerClient connect(DockerLauncherConfig config) {
    DefaultDockerClientConfig.Builder builder =
        DefaultDockerClientConfig.createDefaultConfigBuilder();
    if (config.host() != null) {
      builder.withDockerHost(config.host().toString());
    }
    DefaultDockerClientConfig settings = builder.build();
    return DockerClientImpl.getInstance(
        settings,
        new ZerodepDockerHttpClient.Builder()
            .dockerHost(settings.getDockerHost())
            .sslConfig(settings.getSSLConfig())
            .maxConnections(CONNECTIONS)
            .connectionTimeout(Duration.ofSeconds(5))
            .build());
  }
}
