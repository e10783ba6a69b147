package dev.pipewright.standalone.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StarterPipelineTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"My Shop,my-shop,MyShopPipeline", "2048,2048,App2048Pipeline", "___,app,AppPipeline"})
  void namesAreMadeOfTheFolder(String folderName, String pipeline, String className) {
    StarterPipeline starter = new StarterPipeline(StarterPipeline.nameOf(folderName), "true");
    assertThat(starter.name()).isEqualTo(pipeline);
    assertThat(starter.className()).isEqualTo(className);
    assertThat(starter.pipeline()).contains("class " + className).contains("\"" + pipeline + "\"");
  }

  @Test
  void theCommandFitsTheBuildTool() throws IOException {
    assertThat(StarterPipeline.commandFor(folder)).startsWith("echo");
    Files.createFile(folder.resolve("pom.xml"));
    assertThat(StarterPipeline.commandFor(folder)).isEqualTo("mvn -B -q verify");
    Files.createFile(folder.resolve("mvnw"));
    assertThat(StarterPipeline.commandFor(folder)).isEqualTo("./mvnw -B -q verify");
  }
}
