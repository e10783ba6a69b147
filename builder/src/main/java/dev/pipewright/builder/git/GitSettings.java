package dev.pipewright.builder.git;

import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.FS.FileStoreAttributes;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/**
 * What JGit knows of its surroundings: no configuration file of the machine or of a user, so that a
 * mirror behaves the same everywhere. Local repositories hand out any reachable commit, redirects
 * are not followed, and ssh is the machine's own.
 */
final class GitSettings extends SystemReader.Delegate {

  private GitSettings(SystemReader machine) {
    super(machine);
  }

  /** Makes JGit in this process use these settings; harmless when repeated. */
  static synchronized void install() {
    if (!(SystemReader.getInstance() instanceof GitSettings)) {
      SystemReader.setInstance(new GitSettings(SystemReader.getInstance()));
      // The first use of a disk would wait seconds until the grain of its clock is measured.
      FileStoreAttributes.setBackground(true);
    }
  }

  @Override
  public @Nullable String getenv(String variable) {
    @Nullable String value = super.getenv(variable);
    return value == null && variable.equals("GIT_SSH") ? "ssh" : value;
  }

  @Override
  public FileBasedConfig openSystemConfig(@Nullable Config parent, FS fs) {
    return new InMemory(parent, fs);
  }

  @Override
  public FileBasedConfig openJGitConfig(@Nullable Config parent, FS fs) {
    return new InMemory(parent, fs);
  }

  @Override
  public FileBasedConfig openUserConfig(@Nullable Config parent, FS fs) {
    InMemory config = new InMemory(parent, fs);
    config.setBoolean("uploadpack", null, "allowTipSHA1InWant", true);
    config.setBoolean("uploadpack", null, "allowReachableSHA1InWant", true);
    config.setString("http", null, "followRedirects", "false");
    config.setString("gc", null, "auto", "0");
    // Even a collection that is switched off would lock a file in a thread of its own.
    config.setBoolean("gc", null, "autoDetach", false);
    return config;
  }

  /** A configuration without a file behind it. */
  private static final class InMemory extends FileBasedConfig {
    InMemory(@Nullable Config parent, FS fs) {
      super(parent, null, fs);
    }

    @Override
    public void load() {}

    @Override
    public void save() {}

    @Override
    public boolean isOutdated() {
      return false;
    }
  }
}
