import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pipewright.dsl.Definitions;
import java.util.List;
import org.junit.jupiter.api.Test;

class PipewrightPipelineTest {

  @Test
  void itsDefinitionHasNoProblems() {
    assertEquals(List.of(), Definitions.problems(new PipewrightPipeline().define()));
  }
}
