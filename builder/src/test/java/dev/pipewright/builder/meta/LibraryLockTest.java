package dev.pipewright.builder.meta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.BlobDigest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LibraryLockTest {
  private static final Library LIBRARY = Library.parse("org.example:words:1.0");

  @Test
  void readsWhatItWrites() {
    Library other = Library.parse("org.example:words:1.0:linux");
    LibraryLock lock =
        new LibraryLock(
            new TreeSet<>(List.of(LIBRARY)),
            new TreeMap<>(
                Map.of(LIBRARY, BlobDigest.of(new byte[1]), other, BlobDigest.of(new byte[2]))));
    assertThat(LibraryLock.parse(lock.text())).isEqualTo(lock);
    assertThat(lock.fileNames()).containsExactly("000-words-1.0.jar", "001-words-1.0.jar");
  }

  @Test
  void everyWrongLineIsNamed() {
    assertThatThrownBy(() -> LibraryLock.parse("# text\nwanted x\n\njar a:b:1 nothex\nwhat\n"))
        .hasMessageContaining("deps.lock:2: A library is named like")
        .hasMessageContaining("deps.lock:4: A digest is written")
        .hasMessageContaining("deps.lock:5: This line is neither");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "a:b",
        "a:b:[1,2)",
        "a:b:1-SNAPSHOT",
        "a:b:LATEST",
        "../a:b:1",
        "a:b:..",
        "a:b/c:1"
      })
  void onlyOneFixedVersionIsALibrary(String text) {
    assertThatThrownBy(() -> Library.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void linesNameSeveralLibrariesAndWrongOnesAreProblems() {
    LibraryLines lines =
        LibraryLines.of(
            new TreeMap<>(
                Map.of(
                    "A.java", "//DEPS a:b:1, c:d:2\n// //DEPS no:no:1\nclass A {}\n",
                    "B.java", "class B {}\n//DEPS a:b:1 e:f\n")));
    assertThat(lines.libraries()).extracting(Library::toString).containsExactly("a:b:1", "c:d:2");
    assertThat(lines.problems())
        .extracting(CompileProblem::toString)
        .singleElement()
        .asString()
        .startsWith("B.java:2: A library is named like");
  }
}
