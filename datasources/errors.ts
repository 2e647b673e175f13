import type { ErrorCode } from "../gateway/errors.ts";

/** A failure that a client may read. Match on `code`, never on the class or the message. */
export class DomainError extends Error {
  override readonly name = "DomainError";
  readonly code: ErrorCode;
  readonly source?: string;

  constructor(code: ErrorCode, message: string, options: { source?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    if (options.source !== undefined) this.source = options.source;
  }
}

/** Input that makes no sense: the message says what was expected and what came. */
export const badUserInput = (message: string, cause?: unknown): DomainError =>
  new DomainError("BAD_USER_INPUT", message, { cause });
