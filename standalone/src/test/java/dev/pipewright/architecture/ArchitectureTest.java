package dev.pipewright.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchitectureTest {
  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("dev.pipewright");

  private static final Map<String, String> MODULES =
      Map.of(
          "pipeline-dsl", "dev.pipewright.dsl..",
          "protocol", "dev.pipewright.protocol..",
          "engine", "dev.pipewright.engine..",
          "builder", "dev.pipewright.builder..",
          "spawner", "dev.pipewright.spawner..",
          "state-controller", "dev.pipewright.state..",
          "monitor-ui", "dev.pipewright.ui..",
          "standalone", "dev.pipewright.standalone..");

  /** Libraries, and the only packages that use them. */
  private static final Map<List<String>, String[]> HOMES =
      Map.ofEntries(
          Map.entry(
              List.of("org.eclipse.aether..", "org.apache.maven.."),
              new String[] {"dev.pipewright.builder.maven.."}),
          Map.entry(
              List.of("com.mongodb..", "org.bson..", "de.bwaldvogel..", "org.h2.."),
              new String[] {"dev.pipewright.state.mongo.."}),
          Map.entry(
              List.of("com.github.dockerjava.."),
              new String[] {"dev.pipewright.spawner.docker..", "dev.pipewright.builder.image.."}),
          Map.entry(
              List.of("jakarta.mail..", "org.eclipse.angus.."),
              new String[] {"dev.pipewright.spawner.mail.."}),
          Map.entry(
              List.of("com.nimbusds..", "net.minidev.."),
              new String[] {"dev.pipewright.state.oidc.."}),
          Map.entry(List.of("org.eclipse.jgit.."), new String[] {"..git.."}),
          Map.entry(
              List.of("org.apache.commons.compress.."),
              new String[] {
                "dev.pipewright.engine.cache..",
                "dev.pipewright.builder.image..",
                "dev.pipewright.state.backup.."
              }),
          Map.entry(
              List.of("io.vertx.."),
              new String[] {
                "dev.pipewright..http..",
                "dev.pipewright.standalone.server..",
                "dev.pipewright.builder.http..",
              }),
          Map.entry(
              List.of("com.fasterxml.jackson.databind.."),
              new String[] {"dev.pipewright.protocol.json.."}),
          Map.entry(
              List.of("info.picocli..", "picocli..", "ch.qos.logback.."),
              new String[] {"dev.pipewright.standalone.."}),
          Map.entry(
              List.of("com.google.cloud.tools.."),
              new String[] {"dev.pipewright.builder.image.."}));

  @Test
  void theRulesSeeEveryModule() {
    MODULES.forEach(
        (module, packages) ->
            assertThat(ALL.that(resideInAPackage(packages)).size())
                .as("classes of %s that the rules see", module)
                .isGreaterThanOrEqualTo(module.equals("monitor-ui") ? 3 : 10));
  }

  @Test
  void theDslDependsOnNothingButTheJdk() {
    classes()
        .that()
        .resideInAPackage("dev.pipewright.dsl..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "org.jspecify..", "dev.pipewright.dsl..")
        .because("every user's pipeline carries the DSL; what it drags in, all of them carry")
        .check(ALL);
  }

  @Test
  void definitionsDoNotKnowTheWordsThatMakeThem() {
    noClasses()
        .that()
        .resideInAPackage("dev.pipewright.dsl.definition..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.pipewright.dsl")
        .because("what the engine reads must stay readable without the fluent types around it")
        .check(ALL);
  }

  @Test
  void theProtocolDependsOnNothingOfOurs() {
    noClasses()
        .that()
        .resideInAPackage("dev.pipewright.protocol..")
        .should()
        .dependOnClassesThat(ours().and(outside("dev.pipewright.protocol..")))
        .because("the protocol is what components share; it must not know any of them")
        .check(ALL);
  }

  @Test
  void theEngineKnowsOnlyTheDslAndTheProtocol() {
    noClasses()
        .that()
        .resideInAPackage("dev.pipewright.engine..")
        .should()
        .dependOnClassesThat(
            ours()
                .and(
                    outside(
                        "dev.pipewright.engine..",
                        "dev.pipewright.dsl..",
                        "dev.pipewright.protocol..")))
        .because("the engine also runs on a laptop, where there is no server")
        .check(ALL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"builder", "spawner", "state", "ui"})
  void noServiceDependsOnAnother(String service) {
    String own = "dev.pipewright." + service + "..";
    String[] allowed =
        service.equals("builder")
            ? new String[] {own, "dev.pipewright.protocol..", "dev.pipewright.dsl.."}
            : new String[] {own, "dev.pipewright.protocol.."};
    noClasses()
        .that()
        .resideInAPackage(own)
        .should()
        .dependOnClassesThat(ours().and(outside(allowed)))
        .because("services meet in the protocol only, so that each can run on its own machine")
        .check(ALL);
  }

  @Test
  void onlyTheMetaPipelineOfTheBuilderUsesTheDsl() {
    noClasses()
        .that(
            resideInAPackage("dev.pipewright.builder..")
                .and(outside("dev.pipewright.builder.meta..")))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.pipewright.dsl..")
        .because("the Builder handles pipeline code as data; only its built-in pipeline is one")
        .check(ALL);
  }

  @Test
  void oneLibraryStaysInOnePackage() {
    HOMES.forEach(
        (library, home) ->
            noClasses()
                .that(ours().and(outside(home)).and(isNoEntry()))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(library.toArray(String[]::new))
                .because("a library that stays in one package can be replaced there")
                .check(ALL));
  }

  @Test
  void packagesOfAModuleFormNoCycles() {
    for (String module :
        List.of("dsl", "protocol", "engine", "builder", "spawner", "state", "ui", "standalone")) {
      slices()
          .matching("dev.pipewright." + module + ".(*)..")
          .should()
          .beFreeOfCycles()
          .allowEmptyShould(true)
          .because("a cycle makes two packages one that nobody can read in order")
          .check(ALL);
    }
  }

  @Test
  void timeIsPassedIn() {
    noClasses()
        .that(ours().and(isNoEntry()))
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(LocalDate.class, "now")
        .because(
            "what reads the clock by itself cannot be tested at another time: take an InstantSource")
        .check(ALL);
  }

  @Test
  void nothingSleeps() {
    noClasses()
        .that(ours())
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .because("a sleep is a wait without a name: wait for what is awaited, with a deadline")
        .check(ALL);
  }

  @Test
  void namesSayWhatAThingIs() {
    noClasses()
        .that(ours())
        .should(
            com.tngtech.archunit.lang.conditions.ArchConditions.be(
                simpleNameEndingWith("Manager")
                    .or(simpleNameEndingWith("Helper"))
                    .or(simpleNameEndingWith("Util"))
                    .or(simpleNameEndingWith("Utils"))
                    .or(simpleNameEndingWith("Impl"))
                    .or(simpleNameEndingWith("Processor"))
                    .or(simpleNameEndingWith("Base"))
                    .as("named by an empty word")))
        .because("these words say nothing about the role of a class")
        .check(ALL);
  }

  @Test
  void eventsAreRecords() {
    classes()
        .that()
        .implement("dev.pipewright.protocol.event.RunEvent")
        .should()
        .beRecords()
        .because("an event is data")
        .check(ALL);
  }

  private static DescribedPredicate<JavaClass> ours() {
    return resideInAPackage("dev.pipewright..");
  }

  private static DescribedPredicate<JavaClass> outside(String... packages) {
    return DescribedPredicate.not(resideInAnyPackage(packages));
  }

  private static DescribedPredicate<JavaClass> isNoEntry() {
    return DescribedPredicate.not(simpleNameEndingWith("Main"));
  }
}
