import { AbortedGraphQLExecutionError, type ExecutionResult } from "graphql";

/** An execution that was aborted: `abortedResult` has what there is, once all that it waited for has settled. */
export class AbortedExecution extends AbortedGraphQLExecutionError<ExecutionResult> {
  /** Gives up what has not come yet, so that `abortedResult` is there at once: a resolver may never settle. */
  readonly giveUp: () => void;

  constructor(reason: unknown, abortedResult: Promise<ExecutionResult>, giveUp: () => void) {
    super(reason, abortedResult);
    this.giveUp = giveUp;
  }
}
