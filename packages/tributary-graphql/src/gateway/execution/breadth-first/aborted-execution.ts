import { AbortedGraphQLExecutionError, type ExecutionResult } from "graphql";

/** An execution that was aborted. `abortedResult` is its partial result, once all pending values have settled. */
export class AbortedExecution extends AbortedGraphQLExecutionError<ExecutionResult> {
  /** Fails the values that are still pending, which completes `abortedResult`: a resolver may never settle. */
  readonly giveUp: () => void;

  constructor(reason: unknown, abortedResult: Promise<ExecutionResult>, giveUp: () => void) {
    super(reason, abortedResult);
    this.giveUp = giveUp;
  }
}
