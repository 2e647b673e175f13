import { GraphQLError, Kind } from "graphql";
import { type ErrorCode, errorCodes, isCodedError } from "../../core/error-codes.ts";
import { asError, clipped, readProperty } from "../../core/thrown-values.ts";
import { isPath } from "../execution/field-error.ts";
import { isAbort } from "../request/abort-reasons.ts";
import type { GraphQLRequest } from "../request/graphql-request.ts";
import { errorFields, shownException } from "../telemetry/error-fields.ts";
import { logFailedCall } from "../telemetry/failed-calls.ts";
import { jsonCopy } from "./json-copy.ts";
import { httpHintOf, locationOf } from "./refusal.ts";

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

/** Characters of a message that a client gets: graphql's own messages repeat the value that they complain about. */
export const maxMessageLength = 1_000;

/**
 * The error for the client, always with one of our codes. A message is shown only when it is meant to
 * be: an error with a code (`isCodedError`), or graphql's own about the client's document and variables. Everything
 * else is masked, and logged with the request's id.
 *
 * Never throws, and gives what can be written as JSON, whatever was thrown.
 */
export function toClientError(error: GraphQLError, request: GraphQLRequest): GraphQLError {
  if (clientErrors.has(error)) return error;
  const shown = shownError(error, request);
  clientErrors.add(shown);
  return shown;
}

/** Errors that were made here: a payload may be published twice, before and after a plugin has seen it. */
const clientErrors = new WeakSet<GraphQLError>();

function shownError(error: GraphQLError, request: GraphQLRequest): GraphQLError {
  try {
    const { code, message, extensions } = describe(error, request);
    const shown = new GraphQLError(clipped(message, maxMessageLength), {
      ...locationOf(error),
      path: isPath(error.path) ? [...error.path] : undefined,
      extensions: { ...extensions, code },
    });
    request.report.addError(code);
    return shown;
  } catch {
    // Something in it throws when it is read.
    return unreadable(error, request);
  }
}

function unreadable(error: GraphQLError, request: GraphQLRequest): GraphQLError {
  logOnce(error, asError(error), request);
  request.report.addError("INTERNAL_SERVER_ERROR");
  const path = readProperty(error, "path");
  const extensions = { ...maskedExtensions(asError(error), request), code: "INTERNAL_SERVER_ERROR" };
  return new GraphQLError(maskedMessage, { path: isPath(path) ? [...path] : undefined, extensions });
}

interface Description {
  readonly code: ErrorCode;
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

function describe(error: GraphQLError, request: GraphQLRequest): Description {
  const root = rootOf(error);
  if (isCodedError(root) && root.code !== "INTERNAL_SERVER_ERROR") {
    logFailedCall(root, request);
    const { source, constraint } = root;
    return { code: root.code, message: root.message, extensions: jsonCopy({ source, constraint }) };
  }
  const code = shownCode(error.extensions?.code);
  if (code) return { code, message: error.message, extensions: publicExtensions(error) };
  const codeOfStatus = codeOfHttpStatus(root);
  if (codeOfStatus) return { code: codeOfStatus, message: root.message, extensions: publicExtensions(error) };
  if (isInputError(root)) return { code: "BAD_USER_INPUT", message: root.message };
  if (isStopped(root, request)) return { code: "DEADLINE_EXCEEDED", message: lateMessage };
  // An error because the client hung up, while it sent its body for instance, is not logged.
  if (request.lifetime.ending !== "client-gone") logOnce(error, root, request);
  return { code: "INTERNAL_SERVER_ERROR", message: maskedMessage, extensions: maskedExtensions(root, request) };
}

/** The id leads to the line in the log; outside production, a developer is spared the way there. */
function maskedExtensions(root: unknown, { id, showsExceptions }: GraphQLRequest): Record<string, unknown> {
  return showsExceptions ? { id, exception: shownException(root) } : { id };
}

/** The thrown error, without the errors that graphql wraps around it. */
function rootOf(error: GraphQLError): Error {
  let root: Error = error;
  const seen = new Set<Error>();
  while (root instanceof GraphQLError && root.originalError && !seen.has(root)) {
    seen.add(root);
    root = asError(root.originalError);
  }
  return root;
}

/** An internal error is masked even when it says itself that it is one. */
function shownCode(code: unknown): ErrorCode | undefined {
  const ours = typeof code === "string" ? (yogaCodes[code] ?? code) : code;
  return isErrorCode(ours) && ours !== "INTERNAL_SERVER_ERROR" ? ours : undefined;
}

/**
 * The code of an error that has none of ours, but names a 4xx status for its response (`extensions.http.status`): plugins
 * and resolvers written for Yoga mean such an error for the client.
 */
function codeOfHttpStatus(root: Error): ErrorCode | undefined {
  const status = root instanceof GraphQLError ? httpHintOf(root)?.status : undefined;
  if (status === undefined || status < 400 || status >= 500) return undefined;
  return codesByStatus[status] ?? "BAD_USER_INPUT";
}

const codesByStatus: Readonly<Record<number, ErrorCode>> = {
  401: "UNAUTHENTICATED",
  403: "FORBIDDEN",
  408: "DEADLINE_EXCEEDED",
  409: "CONFLICT",
  413: "LIMIT_EXCEEDED",
  429: "RATE_LIMITED",
};

const isErrorCode = (code: unknown): code is ErrorCode => knownCodes.has(code);

function publicExtensions(error: GraphQLError): Record<string, unknown> {
  return jsonCopy(
    Object.fromEntries(Object.entries(error.extensions).filter(([name]) => !internalExtensions.has(name))),
  );
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

/** Whether this follows from the deadline: the abort of a call to a source, or a field that the executor did not complete. */
function isStopped(root: Error, { lifetime }: GraphQLRequest): boolean {
  if (lifetime.ending === undefined) return false;
  return isAbort(root) || (lifetime.executionSignal.aborted && root.message === "Aborted!");
}

function logOnce(error: GraphQLError, root: Error, request: GraphQLRequest): void {
  if (request.loggedErrors.has(root)) return;
  request.loggedErrors.add(root);
  const path = readProperty(error, "path");
  const fields = { err: errorFields(root), path: isPath(path) ? path.join(".") : undefined };
  request.log.error(request.withoutSecrets(fields), "unexpected error");
}
