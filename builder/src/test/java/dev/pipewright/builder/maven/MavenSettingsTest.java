package dev.pipewright.builder.maven;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.eclipse.aether.repository.RemoteRepository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MavenSettingsTest {
  private static final RemoteRepository CENTRAL =
      new RemoteRepository.Builder("central", "default", "https://central.example/maven").build();

  @TempDir Path folder;

  private RemoteRepository mirrored(String... texts) throws IOException {
    List<Path> files = new java.util.ArrayList<>(List.of(folder.resolve("absent.xml")));
    for (String text : texts) {
      files.add(Files.writeString(folder.resolve(files.size() + ".xml"), text));
    }
    return new MavenSettings(files, Map.of("SECRET", "s3cret")).mirrored(CENTRAL);
  }

  private static String mirror(String of, String url) {
    return "<settings><mirrors><mirror><id>m</id><mirrorOf>%s</mirrorOf><url>%s</url></mirror></mirrors>"
            .formatted(of, url)
        + "<servers><server><id>m</id><username>u</username><password>${env.SECRET}</password></server>"
        + "</servers></settings>";
  }

  @Test
  void theFirstMirrorThatFitsIsUsedWithItsPassword() throws IOException {
    RemoteRepository found =
        mirrored(
            mirror("other", "https://a.example/"),
            mirror("*,!other", "https://b.example/"),
            mirror("central", "https://c.example/"));
    assertThat(found.getUrl()).isEqualTo("https://b.example/");
    assertThat(found.getAuthentication()).isNotNull();
  }

  @Test
  void withoutOneTheRepositoryItselfIsUsed() throws IOException {
    assertThat(mirrored(mirror("other", "https://a.example/"))).isSameAs(CENTRAL);
  }

  @Test
  void aFileThatCannotBeReadCountsForNothing() throws IOException {
    assertThat(mirrored("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", "no"))
        .isSameAs(CENTRAL);
  }
}
