import type { ErrorCode, FailedCall } from "./error-codes.ts";

/** An error whose message clients may read. Match on `code`, not on the class or the message. */
export class DomainError extends Error {
  override readonly name = "DomainError";
  readonly code: ErrorCode;
  /** The failed source, as in the call log: `database`, `countries`, … Clients see it. */
  readonly source?: string;
  /** The failed call, for the operator's log. Clients do not see it. */
  readonly failedCall?: FailedCall;
  /** For `CONFLICT`: the name of the violated constraint. Clients see it. */
  readonly constraint?: string;

  constructor(
    code: ErrorCode,
    message: string,
    options: { source?: string; cause?: unknown; failedCall?: FailedCall; constraint?: string | undefined } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    if (options.source !== undefined) this.source = options.source;
    if (options.failedCall !== undefined) this.failedCall = options.failedCall;
    if (options.constraint !== undefined) this.constraint = options.constraint;
  }
}

/** Creates a `BAD_USER_INPUT` error. The message should name what was expected and what was received. */
export const badUserInput = (message: string, cause?: unknown): DomainError =>
  new DomainError("BAD_USER_INPUT", message, { cause });
