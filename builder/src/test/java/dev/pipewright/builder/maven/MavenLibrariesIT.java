package dev.pipewright.builder.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.builder.meta.Library;
import dev.pipewright.builder.meta.LibraryLock;
import dev.pipewright.builder.testing.MavenRepo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MavenLibrariesIT {
  private Path folder;
  private MavenRepo repository;

  @BeforeEach
  void fill(@TempDir Path temporary) throws IOException {
    folder = temporary;
    repository =
        new MavenRepo(temporary.resolve("repository"))
            .with("greeting", "Greeting", "hello", "words")
            .with("words", "Words", "world", "");
  }

  private MavenLibraries libraries(String local) {
    return MavenLibraries.of(folder.resolve(local), repository.url());
  }

  private static SortedSet<Library> wanted(String... names) {
    return new TreeSet<>(List.of(names).stream().map(Library::parse).toList());
  }

  @Test
  void aLibraryComesWithWhatItNeeds() throws LibraryException {
    ResolvedLibraries found = libraries("a").get(wanted("org.example:greeting:1.0"), null);
    assertThat(found.lock().files().keySet())
        .extracting(Library::toString)
        .containsExactly("org.example:greeting:1.0", "org.example:words:1.0");
    assertThat(found.jars()).allMatch(Files::isRegularFile).hasSize(2);
    assertThat(libraries("b").get(wanted("org.example:greeting:1.0"), found.lock().text()))
        .extracting(ResolvedLibraries::lock)
        .isEqualTo(found.lock());
  }

  @Test
  void aFileThatIsNotTheLockedOneIsRefused() throws Exception {
    LibraryLock lock = libraries("a").get(wanted("org.example:words:1.0"), null).lock();
    repository.with("words", "Words", "changed", "");
    assertThatThrownBy(() -> libraries("b").get(wanted("org.example:words:1.0"), lock.text()))
        .isInstanceOf(LibraryException.class)
        .hasMessageContaining("org.example:words:1.0 is not the file that deps.lock names")
        .matches(e -> !((LibraryException) e).isTemporary());
  }

  @Test
  void aLockOfOtherLibrariesIsRefused() throws Exception {
    LibraryLock lock = libraries("a").get(wanted("org.example:words:1.0"), null).lock();
    assertThatThrownBy(() -> libraries("a").get(wanted("org.example:greeting:1.0"), lock.text()))
        .hasMessageContaining("org.example:greeting:1.0 is in a //DEPS line, but not in deps.lock")
        .hasMessageContaining("org.example:words:1.0 is in deps.lock, but in no //DEPS line")
        .hasMessageContaining("pipewright check --lock");
  }

  @Test
  void anUnknownLibraryIsTheFaultOfTheCode() {
    assertThatThrownBy(() -> libraries("a").get(wanted("org.example:absent:1.0"), null))
        .isInstanceOf(LibraryException.class)
        .hasMessage(
            "The library org.example:absent:1.0 is not in the repository. Check its name and version.")
        .matches(e -> !((LibraryException) e).isTemporary());
  }

  @Test
  void aRepositoryThatIsAwayIsAskedAgainLater() {
    MavenLibraries away = MavenLibraries.of(folder.resolve("a"), "http://127.0.0.1:1/");
    assertThatThrownBy(() -> away.get(wanted("org.example:words:1.0"), null))
        .isInstanceOf(LibraryException.class)
        .matches(e -> ((LibraryException) e).isTemporary());
  }
}
