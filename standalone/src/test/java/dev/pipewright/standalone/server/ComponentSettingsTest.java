package dev.pipewright.standalone.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.standalone.CommandException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ComponentSettingsTest {
  @TempDir Path folder;

  @Test
  void withoutAWordEverythingRuns() {
    ComponentSettings all = settings();

    assertThat(Component.values()).allMatch(all::runs);
    assertThat(all.worksForOthers()).isFalse();
    assertThat(all.keptToken(folder)).isNull();
  }

  @ParameterizedTest
  @CsvSource({"builder,true", "spawner,true", "state,false", "ui,false"})
  void oneComponentRunsAlone(Component one, boolean needsState) {
    ComponentSettings alone = settings("--only", one.name());

    assertThat(Component.values()).filteredOn(alone::runs).containsExactly(one);
    assertThat(alone.worksForOthers()).isEqualTo(needsState);
  }

  @Test
  void aBuilderNeedsTheAddressOfTheState() {
    assertThatThrownBy(() -> settings("--only", "builder").stateUrl())
        .isInstanceOf(CommandException.class)
        .hasMessage("--only builder needs --state URL.");
    assertThat(settings("--only", "builder", "--state", "https://ci.example/").stateUrl())
        .isEqualTo(URI.create("https://ci.example"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ci.example", "ftp://ci.example", "http://", "http://a b", "http:///x"})
  void whatIsNoAddressIsRefused(String url) {
    assertThatThrownBy(() -> settings("--only", "spawner", "--state", url).stateUrl())
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("--state");
  }

  @Test
  void anAddressThatWouldBePassedOverIsRefused() {
    assertThatThrownBy(() -> settings("--state", "http://ci.example").check())
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("--only builder");
    settings("--only", "ui", "--state", "http://ci.example").check();
    assertThatThrownBy(() -> settings("--only", "ui").stateUrl())
        .hasMessage("--only ui needs --state URL.");
  }

  @Test
  void aSpawnerNeedsTheTokenOfTheState() throws IOException {
    assertThatThrownBy(() -> settings("--only", "spawner").givenToken())
        .hasMessageContaining("--service-token-file");
    Path file = folder.resolve("token");
    assertThatThrownBy(() -> spawnerWith(file).givenToken()).hasMessageContaining("Could not read");
    Files.writeString(file, "short");
    assertThatThrownBy(() -> spawnerWith(file).givenToken()).hasMessageContaining("at least 16");
    Files.writeString(file, "  0123456789abcdef\n");
    assertThat(spawnerWith(file).givenToken()).isEqualTo("0123456789abcdef");
  }

  @Test
  void theStateMakesItsTokenOnceForItsOwnerAlone() throws IOException {
    ComponentSettings state = settings("--only", "state");

    String token = state.keptToken(folder);

    Path file = folder.resolve("service.token");
    assertThat(token).startsWith("svc_").hasSizeGreaterThan(40).isEqualTo(state.keptToken(folder));
    assertThat(spawnerWith(file).givenToken()).isEqualTo(token);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void aServerThatRunsEverythingSharesItsTokenWhenAsked() {
    Path file = folder.resolve("shared");

    String token = settings("--service-token-file", file.toString()).keptToken(folder);

    assertThat(spawnerWith(file).givenToken()).isEqualTo(token);
  }

  @Test
  void aDataFolderKeepsItsNameAndNoTwoHaveTheSame() throws IOException {
    Path one = Files.createDirectories(folder.resolve("one"));
    Path other = Files.createDirectories(folder.resolve("other"));

    String name = Instance.nameOf(one);

    assertThat(name).matches("pw-[0-9a-f]{10}").isEqualTo(Instance.nameOf(one));
    assertThat(Instance.nameOf(other)).isNotEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:8080,http://{gateway}:8080",
    "http://127.0.0.1,http://{gateway}",
    "https://ci.example.org,https://ci.example.org",
    "http://10.0.0.1:8080,http://10.0.0.1:8080",
  })
  void containersReachTheStateOfThisMachineThroughTheirGateway(String state, String reached) {
    ComponentSettings alone = settings("--only", "spawner", "--state", state);

    ServerAddress address = ServerAddress.of(new ServerSettings(), alone);

    assertThat(address.forContainers()).isEqualTo(reached);
    assertThat(address.publicUrl()).isEqualTo(URI.create(state));
  }

  private static ComponentSettings spawnerWith(Path file) {
    return settings("--only", "spawner", "--service-token-file", file.toString());
  }

  private static ComponentSettings settings(String... options) {
    ComponentSettings settings = new ComponentSettings();
    new CommandLine(settings).parseArgs(options);
    return settings;
  }
}
