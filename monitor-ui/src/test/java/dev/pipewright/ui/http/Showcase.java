package dev.pipewright.ui.http;

import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.StepSnapshot;
import dev.pipewright.ui.http.Samples.Ending;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Two telling runs of a shop: one in the middle of its work, one that failed. */
final class Showcase {
  private static final Ending DONE = Ending.of(Outcome.SUCCEEDED, null);
  private static final Ending PENDING = new Ending(Phase.PENDING, null, null);

  private Showcase() {}

  /** Run 42 of the shop, whose parallel checks go on. */
  static RunSnapshot running(Instant now) {
    RunSnapshot run =
        new Samples(now)
            .run(
                "shop",
                42,
                Ending.running(),
                Duration.ofSeconds(95),
                0,
                Samples.cause("Ada Lovelace", "Make the basket survive a restart"));
    return Samples.withSteps(
        run,
        List.of(
            Samples.stepOf(run, "checkout", DONE, 0L, 2L),
            Samples.stepOf(run, "verify", Ending.running(), 2L, null),
            Samples.stepOf(run, "verify/unit tests", DONE, 2L, 41L),
            Samples.stepOf(run, "verify/lint", DONE, 2L, 19L),
            Samples.stepOf(run, "verify/integration", Ending.running(), 3L, null),
            Samples.stepOf(run, "package", PENDING, null, null),
            Samples.stepOf(run, "deploy", PENDING, null, null),
            Samples.stepOf(run, "deploy/roll back", PENDING, null, null),
            Samples.stepOf(run, "deploy/announce", PENDING, null, null)));
  }

  /** Puts run 41 of the shop, whose lint failed, and its output. */
  static RunSnapshot failed(CannedServer server, Samples samples) {
    Ending no = Ending.of(Outcome.FAILED, "npm run lint ended with exit code 1");
    Ending skipped = Ending.of(Outcome.SKIPPED, "an earlier step failed");
    RunSnapshot run =
        samples.run(
            "shop",
            41,
            Ending.of(Outcome.FAILED, "verify/lint: npm run lint ended with exit code 1"),
            Duration.ofMinutes(50),
            63,
            Samples.cause("Grace Hopper", "Raise the limit of open orders to 500"));
    List<StepSnapshot> steps =
        List.of(
            Samples.stepOf(run, "checkout", DONE, 0L, 2L),
            Samples.stepOf(run, "verify", no, 2L, 63L),
            Samples.stepOf(run, "verify/unit tests", DONE, 2L, 41L),
            Samples.stepOf(run, "verify/lint", no, 2L, 19L),
            Samples.stepOf(run, "verify/integration", DONE, 3L, 63L),
            Samples.stepOf(run, "package", skipped, null, null),
            Samples.stepOf(run, "deploy", skipped, null, null),
            Samples.stepOf(run, "deploy/roll back", skipped, null, null),
            Samples.stepOf(run, "deploy/announce", skipped, null, null));
    RunSnapshot whole = Samples.withSteps(run, steps);
    server.put(whole);
    server.appendLog(
        run.id(),
        "verify/lint",
        "\u001b[2m$ npm run lint\u001b[0m\n\n> shop@1.4.0 lint\n> eslint src\n\n"
            + "checking 10%\rchecking 55%\rchecking 100%\n"
            + "\u001b[4m/work/src/basket.js\u001b[24m\n"
            + "  \u001b[2m12:9\u001b[0m  \u001b[31merror\u001b[39m    'total' is never used  "
            + "\u001b[2mno-unused-vars\u001b[0m\n"
            + "  \u001b[2m48:1\u001b[0m  \u001b[33mwarning\u001b[39m  line is 132 characters long  "
            + "\u001b[2mmax-len\u001b[0m\n\n"
            + "\u001b[1;31m✖ 2 problems (1 error, 1 warning)\u001b[0m\n"
            + "\u001b[38;5;208mfixable with --fix\u001b[0m\n");
    return whole;
  }

  /** A line as a build tool prints it. */
  static String line(int i) {
    String level =
        switch (i % 9) {
          case 4 -> "\u001b[33mWARN\u001b[0m ";
          case 7 -> "\u001b[36mDEBUG\u001b[0m";
          default -> "\u001b[32mINFO\u001b[0m ";
        };
    return "10:15:%02d %s basket.%s - order %d took %d ms%n"
        .formatted(i % 60, level, i % 2 == 0 ? "OrderTest" : "StockTest", 1000 + i, i * 37 % 400);
  }
}
