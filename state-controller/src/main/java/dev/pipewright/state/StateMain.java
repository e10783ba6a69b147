package dev.pipewright.state;

import dev.pipewright.state.http.CorsOrigins;
import dev.pipewright.state.http.Errors;
import dev.pipewright.state.http.StateController;
import dev.pipewright.state.metrics.GraphiteTarget;
import dev.pipewright.state.oidc.OidcConfig;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the State-Controller alone, for several machines. */
public final class StateMain {
  private static final Logger log = LoggerFactory.getLogger(StateMain.class);

  private StateMain() {}

  /**
   * Reads {@code PIPEWRIGHT_*} from the environment and serves until it is ended. Exit code 2 for
   * wrong settings, 1 if it cannot be started.
   */
  public static void main(String[] args) {
    try {
      StateConfig config = StateConfig.from(System.getenv());
      GraphiteTarget graphite = GraphiteTarget.from(System.getenv());
      CorsOrigins origins =
          CorsOrigins.of(System.getenv().getOrDefault("PIPEWRIGHT_CORS_ORIGINS", ""));
      OidcConfig provider = OidcConfig.from(System.getenv());
      StateController state = StateController.open(config, graphite, Clock.systemUTC());
      state.signInBy(provider);
      state.shareFeeds(origins);
      serve(state);
    } catch (IllegalArgumentException | SchemaException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    } catch (Exception | LinkageError e) {
      // What was started already would keep the process from ending.
      log.atError().setCause(e).log("The State-Controller could not be started");
      System.exit(1);
    }
  }

  private static void serve(StateController state) throws Exception {
    int port = Integer.parseInt(System.getenv().getOrDefault("PIPEWRIGHT_PORT", "8080"));
    Vertx vertx = Vertx.vertx();
    Router router = Router.router(vertx);
    Errors.on(router);
    state.mount(vertx, router);
    vertx
        .createHttpServer(
            new HttpServerOptions().setPort(port).setMaxChunkSize(StateController.BODY_PIECE))
        .requestHandler(router)
        .listen()
        .toCompletionStage()
        .toCompletableFuture()
        .get(30, TimeUnit.SECONDS);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .unstarted(
                    () -> {
                      var unused = vertx.close();
                      state.close();
                    }));
    state.adminToken().ifPresent(token -> System.out.println("Admin token: " + token));
    log.atInfo().addKeyValue("port", port).log("State-Controller is ready");
  }
}
