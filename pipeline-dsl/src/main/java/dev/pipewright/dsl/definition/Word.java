package dev.pipewright.dsl.definition;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a step is, one record per word of the language. */
public sealed interface Word {

  /** {@return the word as a pipeline author writes it} */
  default String keyword() {
    return switch (this) {
      case Checkout _ -> "checkout";
      case Shell _ -> "sh";
      case Exec _ -> "exec";
      case Code _ -> "step";
      case Stage _ -> "stage";
      case InParallel parallel -> parallel.forEach() ? "inParallelFor" : "inParallel";
      case AnyOf _ -> "anyOf";
      case Choose _ -> "choose";
      case OnlyIf _ -> "onlyIf";
      case OnBranch _ -> "onBranch";
      case Expand _ -> "expand";
      case Approval _ -> "approval";
      case WithLock _ -> "withLock";
      case WithCheckout _ -> "withCheckout";
      case Downstream _ -> "trigger";
    };
  }

  /** {@return the name this step adds to paths; null for containers that add none} */
  default @Nullable String segment() {
    return switch (this) {
      case Checkout checkout -> checkout.name();
      case Shell shell -> shell.name();
      case Exec exec -> exec.name();
      case Code code -> code.name();
      case Stage stage -> stage.name();
      case Expand expand -> expand.name();
      case Approval approval -> approval.name();
      case Downstream downstream -> downstream.name();
      case InParallel _ -> null;
      case AnyOf _ -> null;
      case Choose _ -> null;
      case OnlyIf _ -> null;
      case OnBranch _ -> null;
      case WithLock _ -> null;
      case WithCheckout _ -> null;
    };
  }

  /** {@return the steps inside, in the order they were written; empty for tasks} */
  default List<StepNode> children() {
    return switch (this) {
      case Stage stage -> stage.steps();
      case InParallel parallel -> parallel.steps();
      case AnyOf anyOf -> anyOf.steps();
      case Choose choose -> List.of(choose.then(), choose.otherwise());
      case OnlyIf onlyIf -> onlyIf.steps();
      case OnBranch onBranch -> onBranch.steps();
      case WithLock withLock -> withLock.steps();
      case WithCheckout withCheckout -> withCheckout.steps();
      case Checkout _ -> List.of();
      case Shell _ -> List.of();
      case Exec _ -> List.of();
      case Code _ -> List.of();
      case Expand _ -> List.of();
      case Approval _ -> List.of();
      case Downstream _ -> List.of();
    };
  }

  /** {@return true for words that hold other steps and do no work themselves} */
  default boolean isContainer() {
    return switch (this) {
      case Stage _, InParallel _, AnyOf _, Choose _, OnlyIf _, OnBranch _ -> true;
      case WithLock _, WithCheckout _ -> true;
      case Checkout _, Shell _, Exec _, Code _, Expand _, Approval _, Downstream _ -> false;
    };
  }

  /**
   * Puts the commit of the run into the workspace.
   *
   * @param name the step's name
   */
  record Checkout(String name) implements Word {}

  /**
   * Runs a shell command.
   *
   * @param name the step's name
   * @param command the text given to the shell
   */
  record Shell(String name, String command) implements Word {}

  /**
   * Runs a program without a shell.
   *
   * @param name the step's name
   * @param command the program and its arguments
   */
  record Exec(String name, List<String> command) implements Word {
    /**
     * Copies the command.
     *
     * @param name the step's name
     * @param command the program and its arguments
     */
    public Exec {
      command = List.copyOf(command);
    }
  }

  /**
   * Runs Java code.
   *
   * @param name the step's name
   * @param body what to run
   */
  record Code(String name, Body body) implements Word {}

  /**
   * A named sequence.
   *
   * @param name the stage's name
   * @param steps what it holds, in order
   */
  record Stage(String name, List<StepNode> steps) implements Word {
    /**
     * Copies the steps.
     *
     * @param name the stage's name
     * @param steps what it holds, in order
     */
    public Stage {
      steps = List.copyOf(steps);
    }
  }

  /**
   * Steps at the same time.
   *
   * @param steps what runs
   * @param failFast whether the others are cancelled once one does not succeed
   * @param atMost how many run at once; null for no limit
   * @param forEach whether it was made from a list of items
   */
  record InParallel(
      List<StepNode> steps, boolean failFast, @Nullable Integer atMost, boolean forEach)
      implements Word {
    /**
     * Copies the steps.
     *
     * @param steps what runs
     * @param failFast whether the others are cancelled once one does not succeed
     * @param atMost how many run at once; null for no limit
     * @param forEach whether it was made from a list of items
     */
    public InParallel {
      steps = List.copyOf(steps);
    }
  }

  /**
   * Steps at the same time, of which the first success wins.
   *
   * @param steps what runs
   */
  record AnyOf(List<StepNode> steps) implements Word {
    /**
     * Copies the steps.
     *
     * @param steps what runs
     */
    public AnyOf {
      steps = List.copyOf(steps);
    }
  }

  /**
   * One of two steps.
   *
   * @param condition asked when the step is reached
   * @param then runs if the condition holds
   * @param otherwise runs if it does not
   */
  record Choose(Question condition, StepNode then, StepNode otherwise) implements Word {}

  /**
   * Steps that run only if a condition holds.
   *
   * @param condition asked when the step is reached
   * @param steps what runs, in order
   */
  record OnlyIf(Question condition, List<StepNode> steps) implements Word {
    /**
     * Copies the steps.
     *
     * @param condition asked when the step is reached
     * @param steps what runs, in order
     */
    public OnlyIf {
      steps = List.copyOf(steps);
    }
  }

  /**
   * Steps that run only for branches that match.
   *
   * @param pattern glob over branch names
   * @param steps what runs, in order
   */
  record OnBranch(String pattern, List<StepNode> steps) implements Word {
    /**
     * Copies the steps.
     *
     * @param pattern glob over branch names
     * @param steps what runs, in order
     */
    public OnBranch {
      steps = List.copyOf(steps);
    }
  }

  /**
   * Steps known only when the run gets there.
   *
   * @param name the step's name
   * @param expansion gives the steps
   */
  record Expand(String name, Expansion expansion) implements Word {}

  /**
   * A wait for a person.
   *
   * @param name the step's name
   * @param question what the person is asked; empty if nothing was said
   * @param approvers groups or people who may answer
   * @param within how long the answer may take; null for ever
   * @param parameters what the person who approves gives, in the order it is shown
   */
  record Approval(
      String name,
      String question,
      List<String> approvers,
      @Nullable Duration within,
      List<ParameterNode> parameters)
      implements Word {
    /**
     * Copies the collections.
     *
     * @param name the step's name
     * @param question what the person is asked; empty if nothing was said
     * @param approvers groups or people who may answer
     * @param within how long the answer may take; null for ever
     * @param parameters what the person who approves gives, in the order it is shown
     */
    public Approval {
      approvers = List.copyOf(approvers);
      parameters = List.copyOf(parameters);
    }
  }

  /**
   * Steps that run while a named lock is held.
   *
   * @param lock the lock's name
   * @param steps what runs, in order
   */
  record WithLock(String lock, List<StepNode> steps) implements Word {
    /**
     * Copies the steps.
     *
     * @param lock the lock's name
     * @param steps what runs, in order
     */
    public WithLock {
      steps = List.copyOf(steps);
    }
  }

  /**
   * Steps that run in a checkout of another repository.
   *
   * @param url where the repository is
   * @param branch the branch; null for the default branch
   * @param folder where it is put and where the steps run, relative to the workspace
   * @param steps what runs, in order
   */
  record WithCheckout(String url, @Nullable String branch, String folder, List<StepNode> steps)
      implements Word {
    /**
     * Copies the steps.
     *
     * @param url where the repository is
     * @param branch the branch; null for the default branch
     * @param folder where it is put and where the steps run, relative to the workspace
     * @param steps what runs, in order
     */
    public WithCheckout {
      steps = List.copyOf(steps);
    }
  }

  /**
   * Starts a run of another pipeline.
   *
   * @param name the step's name
   * @param pipeline the name of the other pipeline
   * @param parameters what its run is started with, by name
   * @param fromOutputs the same, as the name of the parameter and of the output that holds its
   *     value
   * @param awaited whether the step waits for the end of the other run
   */
  record Downstream(
      String name,
      String pipeline,
      Map<String, String> parameters,
      Map<String, String> fromOutputs,
      boolean awaited)
      implements Word {
    /**
     * Copies the parameters.
     *
     * @param name the step's name
     * @param pipeline the name of the other pipeline
     * @param parameters what its run is started with, by name
     * @param fromOutputs the same, as the name of the parameter and of the output that holds its
     *     value
     * @param awaited whether the step waits for the end of the other run
     */
    public Downstream {
      parameters = Map.copyOf(parameters);
      fromOutputs = Map.copyOf(fromOutputs);
    }
  }

  /** Code of the user; {@code dev.pipewright.dsl} knows the type of the context. */
  @FunctionalInterface
  interface Body {
    /**
     * Runs it.
     *
     * @param context the step context
     * @throws Exception whatever the user's code throws
     */
    void run(Object context) throws Exception;
  }

  /** A condition of the user; {@code dev.pipewright.dsl} knows the type of the facts. */
  @FunctionalInterface
  interface Question {
    /**
     * Asks it.
     *
     * @param facts what is known of the run
     * @return the answer
     * @throws Exception whatever the user's code throws
     */
    boolean holds(Object facts) throws Exception;
  }

  /** Code of the user that gives steps. */
  @FunctionalInterface
  interface Expansion {
    /**
     * Makes the steps.
     *
     * @param context the step context
     * @return the steps, in order
     * @throws Exception whatever the user's code throws
     */
    List<StepNode> steps(Object context) throws Exception;
  }
}
