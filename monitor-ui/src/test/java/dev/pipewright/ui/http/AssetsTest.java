package dev.pipewright.ui.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class AssetsTest {
  private static final Path WEB = Path.of("src", "main", "web");

  @Test
  void everyFileOfTheFolderIsServed() throws IOException {
    try (var files = Files.list(WEB)) {
      List<String> names =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> !name.endsWith(".html"))
              .toList();
      assertThat(Assets.NAMES).containsExactlyInAnyOrderElementsOf(names);
    }
  }

  @Test
  void pagesNameTheVersionOfTheirFiles() {
    Assets assets = Assets.load();
    assertThat(assets.console().content().toString())
        .contains("/assets/" + assets.version() + "/console.js")
        .doesNotContain("{{");
    assertThat(assets.wall().content().toString())
        .contains("/assets/" + assets.version() + "/wall.css")
        .doesNotContain("{{");
  }

  @Test
  void noFileNamesAForeignHostOrWritesMarkup() throws IOException {
    try (var files = Files.list(WEB)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String text = Files.readString(file).replace("http://www.w3.org/2000/svg", "");
        assertThat(text)
            .as(file.toString())
            .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write")
            .doesNotContainPattern("https?://[a-z]")
            .doesNotContainPattern("\\sstyle=\"");
      }
    }
  }

  @Test
  void anEntityTagMatchesItselfWeakOrInAList() {
    Asset asset = Assets.load().console();
    assertThat(asset.isNamedBy(asset.tag())).isTrue();
    assertThat(asset.isNamedBy("\"other\", W/" + asset.tag())).isTrue();
    assertThat(asset.isNamedBy("*")).isTrue();
    assertThat(asset.isNamedBy("\"other\"")).isFalse();
  }
}
