package dev.pipewright.engine.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files a pattern finds, and that none of them lies outside. */
final class WorkspaceFilesTest {
  private final Path workspace;
  private final Path outside;

  WorkspaceFilesTest(@TempDir Path folder) throws IOException {
    workspace = Files.createDirectory(folder.resolve("work"));
    outside = Files.createDirectory(folder.resolve("outside"));
    Files.writeString(outside.resolve("secret.txt"), "secret");
    for (String name : new String[] {"a.txt", "b/c.txt", "b/d/e.txt", "b/d/f.xml", ".git/x.txt"}) {
      Files.createDirectories(workspace.resolve(name).getParent());
      Files.writeString(workspace.resolve(name), name);
    }
  }

  private Iterable<String> matching(String glob) throws IOException {
    return new WorkspaceFiles(workspace).matching(glob);
  }

  @Test
  void patterns_reach_as_deep_as_they_say_and_leave_git_alone() throws IOException {
    assertThat(matching("*.txt")).containsExactly("a.txt");
    assertThat(matching("**.txt")).containsExactly("a.txt", "b/c.txt", "b/d/e.txt");
    assertThat(matching("b/*/?.xml")).containsExactly("b/d/f.xml");
    assertThat(matching("b/d/e.txt")).containsExactly("b/d/e.txt");
    assertThat(matching("nothing/**")).isEmpty();
  }

  @Test
  void nothing_outside_is_found_by_dots_or_links() throws IOException {
    Files.createSymbolicLink(workspace.resolve("link"), outside);
    Files.createSymbolicLink(workspace.resolve("link.txt"), outside.resolve("secret.txt"));

    assertThat(matching("link/*")).isEmpty();
    assertThat(matching("**secret.txt")).isEmpty();
    assertThat(matching("link.txt")).isEmpty();
    assertThat(matching("../outside/*")).isEmpty();
    assertThat(matching("/etc/*")).isEmpty();
  }
}
