package dev.pipewright.builder.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.pipewright.builder.disk.OldFolders;
import dev.pipewright.builder.meta.Library;
import dev.pipewright.builder.meta.LibraryLock;
import dev.pipewright.builder.testing.MavenRepo;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
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
  void whatNobodyHasAskedForInThirtyDaysIsRemovedWithWhatOnlyItNeeds() throws Exception {
    repository.with("alone", "Alone", "alone", "");
    Instant start = InstantSource.system().instant();
    AtomicReference<Instant> now = new AtomicReference<>(start);
    Path local = folder.resolve("a");
    MavenLibraries libraries = MavenLibraries.of(local, repository.url(), now::get);
    ResolvedLibraries alone = libraries.get(wanted("org.example:alone:1.0"), null);
    ResolvedLibraries greeting = libraries.get(wanted("org.example:greeting:1.0"), null);
    assertThat(libraries.clean()).isEqualTo(OldFolders.Removed.NOTHING);

    now.set(start.plus(Duration.ofDays(20)));
    assertThat(libraries.get(wanted("org.example:greeting:1.0"), null)).isEqualTo(greeting);
    now.set(start.plus(Duration.ofDays(31)));
    OldFolders.Removed removed = libraries.clean();

    assertThat(removed.folders()).isOne();
    assertThat(removed.bytes()).isGreaterThan(200);
    assertThat(alone.jars().getFirst().getParent()).doesNotExist();
    assertThat(greeting.jars()).hasSize(2).allMatch(Files::isRegularFile);
    assertThat(greeting.jars().getFirst().resolveSibling("greeting-1.0.pom")).exists();
    assertThat(libraries.get(wanted("org.example:alone:1.0"), alone.lock().text()))
        .isEqualTo(alone);
  }

  @Test
  void nothingIsRemovedWhileSomethingIsFetched() throws Exception {
    Instant start = InstantSource.system().instant();
    AtomicReference<Instant> now = new AtomicReference<>(start);
    List<OldFolders.Removed> removed = new CopyOnWriteArrayList<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    MavenLibraries libraries = MavenLibraries.of(folder.resolve("a"), url, now::get);
    server.createContext(
        "/",
        exchange -> {
          removed.add(libraries.clean());
          Path file = repository.folder().resolve(exchange.getRequestURI().getPath().substring(1));
          boolean isThere = Files.isRegularFile(file);
          exchange.sendResponseHeaders(isThere ? 200 : 404, isThere ? Files.size(file) : -1);
          if (isThere) {
            Files.copy(file, exchange.getResponseBody());
          }
          exchange.close();
        });
    server.start();
    try {
      ResolvedLibraries words = libraries.get(wanted("org.example:words:1.0"), null);
      now.set(start.plus(OldFolders.UNUSED).plusSeconds(1));
      assertThat(words.lock().files()).hasSize(1);
      repository.with("alone", "Alone", "alone", "");
      ResolvedLibraries alone = libraries.get(wanted("org.example:alone:1.0"), null);

      assertThat(removed).isNotEmpty().containsOnly(OldFolders.Removed.NOTHING);
      assertThat(libraries.clean().folders()).isOne();
      assertThat(words.jars().getFirst()).doesNotExist();
      assertThat(alone.jars().getFirst()).exists();
    } finally {
      server.stop(0);
    }
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
