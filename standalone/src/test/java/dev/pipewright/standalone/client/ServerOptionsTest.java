package dev.pipewright.standalone.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.api.Page;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** How client commands say what they found. */
class ServerOptionsTest {
  private final StringWriter text = new StringWriter();
  private final PrintWriter out = new PrintWriter(text, true);

  private static ServerOptions options(String... words) {
    return CommandLine.populateCommand(new ServerOptions(), words);
  }

  private void list(ServerOptions options, String... items) {
    options.list(
        out, new Page<>(List.of(items), null), "Nothing yet.", item -> List.of(item, "there"));
  }

  @Test
  void aListIsATableWithARowForEachItem() {
    list(options(), "a", "long");
    assertThat(text).hasToString("a     there\nlong  there\n");
  }

  @Test
  void anEmptyListIsAHint() {
    list(options());
    assertThat(text).hasToString("Nothing yet.\n");
  }

  @Test
  void asJsonAListIsThePageAlsoIfItIsEmpty() {
    list(options("--json"));
    assertThat(text.toString()).contains("\"items\"").doesNotContain("Nothing yet.");
  }

  @Test
  void aResultIsASentenceOrJson() {
    options().tell(out, Map.of("removed", "KEY"), "Removed KEY.");
    options("--json").tell(out, Map.of("removed", "KEY"), "Removed KEY.");
    assertThat(text.toString()).startsWith("Removed KEY.\n{").contains("\"removed\" : \"KEY\"");
  }
}
