import { GraphQLError, Kind } from "graphql";
import { isAbort } from "../abort-reasons.ts";
import { type ErrorCode, errorCodes, isCodedError } from "../errors.ts";
import type { RequestRun } from "../request-run.ts";
import { placeOf } from "./refusal.ts";

const maskedMessage = "Unexpected error.";
const lateMessage = "The request's deadline passed before this was answered.";

/** Codes that Yoga gives to what it refuses, as ours. */
const yogaCodes: Readonly<Record<string, ErrorCode>> = {
  BAD_REQUEST: "BAD_USER_INPUT",
  OPERATION_RESOLUTION_FAILURE: "BAD_USER_INPUT",
};

const knownCodes: ReadonlySet<unknown> = new Set(errorCodes);
/** Never sent on with an error: our own marks, Yoga's, and what would tell a stranger about the inside. */
const internalExtensions = new Set(["code", "http", "unexpected", "originalError", "stacktrace", "exception"]);

/**
 * The error as the client may read it, always with one of our codes. A message is shown only when somebody meant it to
 * be: an error with a code (`isCodedError`), or graphql's own about the client's document and variables. Everything
 * else is masked, and logged with the request's id.
 */
export function toClientError(error: GraphQLError, run: RequestRun): GraphQLError {
  const { code, message, extensions } = describe(error, run);
  run.report.addError(code);
  return new GraphQLError(message, { ...placeOf(error), path: error.path, extensions: { ...extensions, code } });
}

interface Description {
  readonly code: ErrorCode;
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

function describe(error: GraphQLError, run: RequestRun): Description {
  const root = rootOf(error);
  if (isCodedError(root) && root.code !== "INTERNAL_SERVER_ERROR") {
    return { code: root.code, message: root.message, extensions: root.source ? { source: root.source } : undefined };
  }
  const code = shownCode(error.extensions.code);
  if (code) return { code, message: error.message, extensions: publicExtensions(error) };
  if (isInputError(root)) return { code: "BAD_USER_INPUT", message: root.message };
  if (isStopped(root, run)) return { code: "DEADLINE_EXCEEDED", message: lateMessage };
  // What breaks because the client hung up (the body that it was still sending, say) is nobody's fault.
  if (run.lifetime.ending !== "client-gone") logOnce(error, root, run);
  return { code: "INTERNAL_SERVER_ERROR", message: maskedMessage, extensions: { id: run.id } };
}

/** What was thrown, under the layers that graphql puts around it. */
function rootOf(error: GraphQLError): Error {
  let root: Error = error;
  while (root instanceof GraphQLError && root.originalError) root = root.originalError;
  return root;
}

/** An internal error is masked even when it says itself that it is one. */
function shownCode(code: unknown): ErrorCode | undefined {
  const ours = typeof code === "string" ? (yogaCodes[code] ?? code) : code;
  return isErrorCode(ours) && ours !== "INTERNAL_SERVER_ERROR" ? ours : undefined;
}

const isErrorCode = (code: unknown): code is ErrorCode => knownCodes.has(code);

function publicExtensions(error: GraphQLError): Record<string, unknown> {
  return Object.fromEntries(Object.entries(error.extensions).filter(([name]) => !internalExtensions.has(name)));
}

/**
 * graphql coerces arguments that contain variables while it executes. It points such an error at the value, and the
 * ones about what a resolver returned at the field.
 */
function isInputError(root: Error): boolean {
  if (!(root instanceof GraphQLError)) return false;
  const kind = root.nodes?.[0]?.kind;
  return kind !== undefined && kind !== Kind.FIELD;
}

/** Whether this is what the deadline left behind: a lookup's own abort, or a field that the executor gave up. */
function isStopped(root: Error, { lifetime }: RequestRun): boolean {
  if (lifetime.ending === undefined) return false;
  return isAbort(root) || (lifetime.executionSignal.aborted && root.message === "Aborted!");
}

function logOnce(error: GraphQLError, root: Error, run: RequestRun): void {
  if (run.loggedErrors.has(root)) return;
  run.loggedErrors.add(root);
  run.log.error({ err: root, path: error.path?.join(".") }, "unexpected error");
}
