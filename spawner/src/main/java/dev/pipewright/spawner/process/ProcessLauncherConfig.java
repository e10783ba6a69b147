package dev.pipewright.spawner.process;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the process launcher.
 *
 * @param data folder for units and workspaces; one per instance
 * @param java the program {@code java} of a JDK 25
 * @param classPath of the engine
 * @param mainClass of the engine
 * @param aotCache an AOT cache made of exactly this class path; null for none
 * @param server where engines reach the server
 * @param path the PATH engines and their commands get
 */
public record ProcessLauncherConfig(
    Path data,
    Path java,
    String classPath,
    String mainClass,
    @Nullable Path aotCache,
    URI server,
    String path) {}
