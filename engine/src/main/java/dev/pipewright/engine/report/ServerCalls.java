package dev.pipewright.engine.report;

import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;

/**
 * Asks the server for something a step wants, again and again while it is away. A refusal becomes
 * an exception whose message is for people; that another engine has taken over ends everything.
 * Thread-safe.
 */
public final class ServerCalls {
  private final Outage outage;
  private final Consumer<ApiException> fenced;

  /** {@code fenced} is told when another engine has taken over. */
  public ServerCalls(Outage outage, Consumer<ApiException> fenced) {
    this.outage = outage;
    this.fenced = fenced;
  }

  /** A question; it throws checked only if something is wrong on this side. */
  public interface Question<T> {
    T ask() throws IOException;
  }

  /** Something to tell; it throws checked only if something is wrong on this side. */
  public interface Message {
    void tell() throws IOException;
  }

  /** Carries trouble on this side past what repeats questions to the other. */
  private static final class OwnTroubleException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OwnTroubleException(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /** Asks until there is an answer. */
  public <T> T ask(Question<T> question) throws IOException, InterruptedException {
    try {
      return outage.call(() -> once(question));
    } catch (OwnTroubleException e) {
      throw new IOException(e.getMessage(), e.getCause());
    } catch (ApiException e) {
      if (e.is(Problem.Code.FENCED) || e.is(Problem.Code.UNAUTHORIZED)) {
        fenced.accept(e);
      }
      throw new IOException(e.getMessage(), e);
    } catch (UncheckedIOException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Tells until it is known. */
  public void tell(Message message) throws IOException, InterruptedException {
    ask(
        () -> {
          message.tell();
          return true;
        });
  }

  private static <T> T once(Question<T> question) {
    try {
      return question.ask();
    } catch (IOException e) {
      throw new OwnTroubleException(e);
    }
  }
}
