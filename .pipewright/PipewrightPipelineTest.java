import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pipewright.dsl.Definitions;
import org.junit.jupiter.api.Test;

class PipewrightPipelineTest {

  @Test
  void itsDefinitionHasNoProblems() {
    assertEquals("pipewright", Definitions.read(new PipewrightPipeline().define()).name());
  }
}
