package dev.pipewright.standalone.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedLoginTest {
  @TempDir Path folder;

  @Test
  void whatIsWrittenIsReadAgainAndIsForTheOwnerAlone() throws IOException {
    Path file = SavedLogin.file(Map.of("XDG_CONFIG_HOME", folder.toString()));
    assertThat(SavedLogin.read(file)).isEmpty();

    new SavedLogin("https://ci.example", "a=b\\c: #ü").write(file);
    new SavedLogin("https://ci.example", "second").write(file);

    assertThat(SavedLogin.read(file)).contains(new SavedLogin("https://ci.example", "second"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(folder.resolve("pipewright")).isDirectoryContaining(file::equals);
    assertThat(new SavedLogin("https://ci.example", "tokentoken").toString())
        .doesNotContain("tokentoken");
  }

  @Test
  void withoutAConfiguredFolderItIsInTheHomeOfTheUser() {
    assertThat(SavedLogin.file(Map.of("HOME", "/home/ada")))
        .isEqualTo(Path.of("/home/ada/.config/pipewright/login.properties"));
  }

  @Test
  void aFileThatCannotBeReadSaysHowToMakeItAnew() throws IOException {
    Path file = Files.writeString(folder.resolve("login.properties"), "token=\\uZZZZ");
    assertThatThrownBy(() -> SavedLogin.read(file)).hasMessageContaining("pipewright login");
  }

  @Test
  void aSavedTokenGoesToNoOtherServer() {
    Optional<SavedLogin> saved = Optional.of(new SavedLogin("https://ci.example", "secret"));
    assertThat(ServerOptions.choice(null, null, saved))
        .isEqualTo(new ServerOptions.Choice("https://ci.example", "secret"));
    assertThat(ServerOptions.choice("https://ci.example/", null, saved).token())
        .isEqualTo("secret");
    assertThat(ServerOptions.choice("https://evil.example", null, saved).token()).isNull();
    assertThat(ServerOptions.choice(null, "own", saved))
        .isEqualTo(new ServerOptions.Choice("https://ci.example", "own"));
    assertThat(ServerOptions.choice(null, null, Optional.empty()))
        .isEqualTo(new ServerOptions.Choice("http://localhost:8080", null));
  }
}
