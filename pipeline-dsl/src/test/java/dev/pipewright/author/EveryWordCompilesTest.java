package dev.pipewright.author;

import static dev.pipewright.dsl.Pipelines.pipeline;
import static dev.pipewright.dsl.Steps.*;
import static dev.pipewright.dsl.Triggers.*;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.dsl.*;
import dev.pipewright.dsl.definition.Modifier.Cache;
import dev.pipewright.dsl.definition.Modifier.With;
import dev.pipewright.dsl.definition.Modifiers;
import dev.pipewright.dsl.definition.ParameterNode;
import dev.pipewright.dsl.definition.ParameterNode.Kind;
import dev.pipewright.dsl.definition.StepNode;
import dev.pipewright.dsl.definition.Word;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Uses every word and every modifier once: the surface of the language, pinned by a compiler. */
final class EveryWordCompilesTest {
  record Timing(String scenario, long millis) {}

  private static final Output<Timing> SLOWEST = Output.of("slowest", Timing.class);
  private static final Output<String> NAME = Output.text("name");
  private static final Parameter<String> REASON = Parameter.text("reason").describedAs("why now");
  private static final Parameter<String> STAGE = Parameter.choice("stage", "canary", "all");
  private static final Parameter<Boolean> LOUD = Parameter.bool("loud").byDefault(true);

  static Pipeline everything() {
    return pipeline("everything")
        .startedBy(
            push("main").ignoringPaths("docs/**").onlyPaths("src/**", "docs/**"),
            tags("v*"),
            pullRequests(),
            cron("*/5 0-6,12 * JAN-MAR MON"),
            cron("@daily", ZoneId.of("Europe/Berlin")),
            manually())
        .image("debian:12")
        .memory("2g")
        .cpus(0.5)
        .env("LEVEL", "1")
        .timeout(ofMinutes(90))
        .runs(containers(), tasks(), waiting());
  }

  private static Step containers() {
    return stage(
            "containers",
            checkout(),
            checkout("again"),
            inParallel(sh("a", "true"), exec("b", "true", "--all").image("node:22"))
                .failFast()
                .atMost(2),
            inParallelFor(List.of(17, 21), jdk -> sh("on " + jdk, "true")),
            anyOf(sh("left", "true"), sh("right", "true")),
            choose(run -> run.number() > 1, sh("then", "true"), sh("else", "true")),
            onlyIf(run -> run.branch().isPresent(), sh("only", "true")),
            onBranch("release/*", sh("release", "true")),
            expand("expand", step -> List.of(sh(step.get(NAME), "true"))),
            withLock("printer", sh("print", "true")),
            withCheckout(
                git("https://git.example.org/x.git").onBranch("main").into("libs/x"),
                sh("x", "true")))
        .attempts(2)
        .env("A", "b")
        .locks("floor")
        .timeout(ofMinutes(5))
        .allowFailure()
        .onFailure(sh("sorry", "true"))
        .ensure(sh("sweep", "true"));
  }

  private static Step tasks() {
    return step("task", step -> step.set(SLOWEST, new Timing("browse", 7)))
        .atMostOnce()
        .ensure(sh("clean", "true"))
        .onFailure(sh("tell", "true"))
        .allowFailure()
        .attempts(3, ofSeconds(2))
        .timeout(ofMinutes(1))
        .with(service("db", "postgres:17"))
        .env("K", "v")
        .needs(secret("TOKEN"))
        .locks("production")
        .keeps("target/*.jar", "logs/**")
        .junit("reports/*.xml")
        .cache("maven-{files:**/pom.xml}", ".m2", "node_modules");
  }

  private static Step waiting() {
    return stage(
        "end",
        approval("ship")
            .asks("Ship?")
            .by("ops", "ann")
            .within(ofHours(8))
            .takes(REASON, STAGE.byDefault("canary"))
            .takes(LOUD)
            .timeout(ofHours(9))
            .onFailure(sh("regret", "true")),
        trigger("deploy")
            .named("roll out")
            .parameter("name", NAME)
            .parameter("level", "1")
            .withoutWaiting()
            .allowFailure(),
        trigger("deploy"));
  }

  @Test
  void aPipelineOfEveryWordHasNoProblems() {
    assertThat(Definitions.problems(everything())).isEmpty();
  }

  @Test
  void theExampleOfTheDesignHasNoProblems() {
    assertThat(Definitions.problems(new ShopPipeline().define())).isEmpty();
  }

  @Test
  void everyWordOfTheLanguageIsUsedInThisTest() throws Exception {
    Path here = Path.of("src/test/java/dev/pipewright/author/EveryWordCompilesTest.java");
    String source = Files.readString(here);
    Predicate<Method> unused = word -> !source.contains(word.getName() + "(");
    for (Class<?> door :
        List.of(
            Steps.class,
            Triggers.class,
            Task.class,
            Parallel.class,
            Approval.class,
            Downstream.class)) {
      List<String> missing =
          List.of(door.getDeclaredMethods()).stream()
              .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
              .filter(method -> !method.getName().equals("toString"))
              .filter(unused)
              .map(Method::getName)
              .toList();
      assertThat(missing).as(door.getSimpleName()).isEmpty();
    }
  }

  @Test
  void theVocabularyStaysSmall() {
    TreeSet<String> words = new TreeSet<>();
    for (Method method : Steps.class.getDeclaredMethods()) {
      if (Modifier.isPublic(method.getModifiers())) {
        words.add(method.getName());
      }
    }
    assertThat(words).hasSizeBetween(15, 20);
  }

  @Test
  void theOrderOfModifiersDoesNotMatter() {
    StepNode one = first(sh("a", "true").timeout(ofSeconds(1)).attempts(2).allowFailure());
    StepNode other = first(sh("a", "true").allowFailure().attempts(2).timeout(ofSeconds(1)));

    assertThat(one.modifiers().timeout()).isEqualTo(other.modifiers().timeout());
    assertThat(one.modifiers().attempts()).isEqualTo(2).isEqualTo(other.modifiers().attempts());
    assertThat(one.modifiers().allowFailure()).isTrue();
    assertThat(other.modifiers().allowFailure()).isTrue();
  }

  @Test
  void aModifierLeavesTheStepItWasCalledOnAsItWas() {
    Task plain = sh("a", "true");
    Task limited = plain.timeout(ofSeconds(1));

    assertThat(first(plain).modifiers().timeout()).isEmpty();
    assertThat(first(limited).modifiers().timeout()).contains(ofSeconds(1));
  }

  @Test
  void parallelStepsTakeTheSameModifiersAsGroups() {
    assertThat(modifiers(Parallel.class)).containsAll(modifiers(Group.class));
  }

  private static List<String> modifiers(Class<?> type) {
    return List.of(type.getDeclaredMethods()).stream()
        .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
        .map(method -> method.getName() + List.of(method.getParameterTypes()))
        .toList();
  }

  @Test
  void theEngineReadsWhatAnApprovalTakes() {
    Step approval = approval("ship").takes(REASON, STAGE).takes(LOUD);

    assertThat(first(approval).word())
        .isInstanceOfSatisfying(
            Word.Approval.class,
            word ->
                assertThat(word.parameters())
                    .containsExactly(
                        new ParameterNode("reason", Kind.TEXT, "why now", List.of(), null),
                        new ParameterNode("stage", Kind.CHOICE, "", List.of("canary", "all"), null),
                        new ParameterNode("loud", Kind.BOOL, "", List.of(), "true")));
  }

  @Test
  void theLastValueOfADownstreamParameterCountsWhereverItComesFrom() {
    Step step = trigger("p").parameter("a", "1").parameter("b", NAME).parameter("a", NAME);
    Step other = trigger("p").parameter("a", NAME).parameter("a", "2");

    assertThat(first(step).word())
        .isEqualTo(
            new Word.Downstream(
                "trigger p", "p", Map.of(), Map.of("a", "name", "b", "name"), true));
    assertThat(first(other).word())
        .isEqualTo(new Word.Downstream("trigger p", "p", Map.of("a", "2"), Map.of(), true));
  }

  @ParameterizedTest
  @CsvSource({
    "https://git.example.org/team/lib.git, lib",
    "https://git.example.org/team/lib/, lib",
    "git@git.example.org:lib.git, lib",
    "/srv/git/lib, lib",
  })
  void aCheckoutOfAnotherRepositoryIsPutWhereItsNameSays(String url, String folder) {
    assertThat(first(withCheckout(git(url).onBranch("x"), sh("a", "true"))).word())
        .isInstanceOfSatisfying(
            Word.WithCheckout.class, word -> assertThat(word.folder()).isEqualTo(folder));
  }

  @Test
  void theEngineReadsEveryModifierOfATask() {
    Modifiers modifiers = first(tasks()).modifiers();

    assertThat(modifiers.needs()).containsExactly("TOKEN");
    assertThat(modifiers.locks()).containsExactly("production");
    assertThat(modifiers.services()).extracting(With::image).containsExactly("postgres:17");
    assertThat(modifiers.junit()).containsExactly("reports/*.xml");
    assertThat(modifiers.caches())
        .extracting(Cache::key)
        .containsExactly("maven-{files:**/pom.xml}");
    assertThat(modifiers.atMostOnce()).isTrue();
    assertThat(first(sh("a", "true").image("node:22")).modifiers().image()).contains("node:22");
    assertThat(first(sh("a", "true")).modifiers().atMostOnce()).isFalse();
  }

  private static StepNode first(Step step) {
    return Definitions.read(pipeline("p").startedBy(manually()).runs(step)).steps().getFirst();
  }
}
