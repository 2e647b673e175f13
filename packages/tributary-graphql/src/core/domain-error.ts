import type { ErrorCode, FailedCall } from "./error-codes.ts";

/** A failure that a client may read. Match on `code`, never on the class or the message. */
export class DomainError extends Error {
  override readonly name = "DomainError";
  readonly code: ErrorCode;
  readonly source?: string;
  /** The call that failed, for the operator's log; clients are not told. */
  readonly failedCall?: FailedCall;
  /** Of a `CONFLICT`: the name of the constraint that was violated; clients are told. */
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

/** Invalid input: the message says what was expected and what came. */
export const badUserInput = (message: string, cause?: unknown): DomainError =>
  new DomainError("BAD_USER_INPUT", message, { cause });
