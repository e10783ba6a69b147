package dev.pipewright.standalone.server;

import dev.pipewright.standalone.CommandException;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which components a server runs and how it finds the others, also as {@code PIPEWRIGHT_*}. */
final class ComponentSettings {
  private static final String TOKEN_FILE = "service.token";

  @Option(
      names = "--only",
      paramLabel = "COMPONENT",
      defaultValue = "${env:PIPEWRIGHT_ONLY}",
      description =
          "Run one component alone, for several machines: builder, spawner, state or ui."
              + " Default: all in one process.")
  @Nullable Component only;

  @Option(
      names = "--state",
      paramLabel = "URL",
      defaultValue = "${env:PIPEWRIGHT_STATE}",
      description =
          "Where a builder, a spawner or a ui that runs alone reaches the state component.")
  @Nullable String state;

  @Option(
      names = "--service-token-file",
      paramLabel = "FILE",
      defaultValue = "${env:PIPEWRIGHT_SERVICE_TOKEN_FILE}",
      description =
          "The token by which components know each other, the same for all of them. Made by"
              + " 'state' if missing; default there: service.token in the data folder.")
  @Nullable Path serviceTokenFile;

  /**
   * Refuses options that would be passed over.
   *
   * @throws CommandException naming them
   */
  void check() {
    if (state != null && !worksForOthers() && only != Component.ui) {
      throw new CommandException("--state is for --only builder, --only spawner and --only ui.", 2);
    }
  }

  /** Whether this process runs a component. */
  boolean runs(Component component) {
    return only == null || only == component;
  }

  /** Whether this process works for a State-Controller of another one. */
  boolean worksForOthers() {
    return only == Component.builder || only == Component.spawner;
  }

  /**
   * Where the State-Controller of another process is.
   *
   * @throws CommandException if nothing useful was said
   */
  URI stateUrl() {
    String url = state;
    if (url == null) {
      throw new CommandException("--only " + only + " needs --state URL.", 2);
    }
    if (!url.startsWith("http://") && !url.startsWith("https://")) {
      throw new CommandException(
          "--state must begin with http:// or https://, not '" + url + "'.", 2);
    }
    try {
      URI address = URI.create(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
      if (address.getHost() != null) {
        return address;
      }
    } catch (IllegalArgumentException e) {
      // Told below, like an address without a host.
    }
    throw new CommandException("--state is no URL: '" + url + "'.", 2);
  }

  /**
   * The token of a component that works for others.
   *
   * @throws CommandException if its file is not named or cannot be used
   */
  String givenToken() {
    Path file = serviceTokenFile;
    if (file == null) {
      throw new CommandException(
          "--only " + only + " needs --service-token-file FILE, a copy of the state component's.",
          2);
    }
    return ServiceToken.read(file);
  }

  /**
   * The token a State-Controller in this process asks for, made if there is none yet; null if no
   * other process is meant to know it.
   *
   * @throws CommandException if its file cannot be used
   */
  @Nullable String keptToken(Path data) {
    Path file = keptTokenFile(data);
    return file == null ? null : ServiceToken.readOrMake(file);
  }

  /** Where that token is kept; null if it is not. */
  @Nullable Path keptTokenFile(Path data) {
    if (serviceTokenFile == null && only == Component.state) {
      return data.toAbsolutePath().normalize().resolve(TOKEN_FILE);
    }
    return serviceTokenFile;
  }
}
