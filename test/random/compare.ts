import { isDeepStrictEqual } from "node:util";
import type { CallLogEntry } from "tributary-graphql";
import type { Expected } from "./expected.ts";
import { type Json, type Merged, type Part, pathText, type ResponseError } from "./responses.ts";

/** A result that differs from the expected result. */
export class WrongResult extends Error {
  override readonly name = "WrongResult";
}

/** @throws WrongResult with both, if they differ */
export function assertData(mode: string, actual: Json, expected: Json): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new WrongResult(
    `${mode}: wrong data.\nexpected ${JSON.stringify(expected)}\ngot      ${JSON.stringify(actual)}`,
  );
}

/** @throws WrongResult for an unexpected or missing error */
export function assertErrors(
  mode: string,
  errors: readonly ResponseError[],
  { possibleErrors, requiredErrors, alternativeErrors }: Expected,
): void {
  const actual = new Set(errors.map(({ path = [] }) => pathText(path)));
  const fail = (claim: string): never => {
    throw new WrongResult(`${mode}: ${claim}; the errors are at ${[...actual].join(", ") || "no path"}.`);
  };
  for (const path of actual) if (!possibleErrors.has(path)) fail(`an error at ${path}, where nothing fails`);
  for (const path of requiredErrors) if (!actual.has(path)) fail(`no error at ${path}`);
  for (const paths of alternativeErrors) {
    if (![...paths].some((path) => actual.has(path))) fail(`no error at any of ${[...paths].join(", ")}`);
  }
}

/** Checks that errors at the same path have the same code and message. @throws WrongResult */
export function assertSameMessages(
  mode: string,
  errors: readonly ResponseError[],
  plain: readonly ResponseError[],
): void {
  const textOf = ({ message, extensions }: ResponseError) => `${extensions?.code} ${message}`;
  const plainTexts = new Map(plain.map((error) => [pathText(error.path ?? []), textOf(error)]));
  for (const error of errors) {
    const path = pathText(error.path ?? []);
    const expected = plainTexts.get(path) ?? textOf(error);
    if (textOf(error) === expected) continue;
    throw new WrongResult(`${mode}: the error at ${path} is ${textOf(error)}, without a stream ${expected}.`);
  }
}

/** Checks the paths, labels and number of the announced parts. @throws WrongResult */
export function assertAnnounced(mode: string, { parts, failures }: Merged, expected: Expected): void {
  const received = parts.map(nameOf);
  for (const part of new Set([...received, ...expected.parts.map(nameOf)])) {
    const count = received.filter((name) => name === part).length;
    const matching = expected.parts.filter((one) => nameOf(one) === part);
    const least = matching.filter(({ isOptional }) => !isOptional).length;
    if (count >= least && count <= matching.length) continue;
    throw new WrongResult(`${mode}: received the part ${part} ${count} times, expected ${matching.length} times.`);
  }
  const failing = expected.parts.filter(({ fails }) => fails);
  const least = failing.filter(({ isOptional }) => !isOptional).length;
  if (failures >= least && failures <= failing.length) return;
  throw new WrongResult(`${mode}: ${failures} parts failed, expected ${failing.length}.`);
}

/**
 * The same check for a format without `pending`: each entry has the label of a part at its path, and each part has an
 * entry, possibly empty, at its own path.
 * @throws WrongResult
 */
export function assertLabels(mode: string, { parts }: Merged, expected: Expected): void {
  const received = new Set(parts.map(nameOf));
  const allowed = new Set(
    expected.parts.flatMap(({ path, label, positions }) =>
      [path, ...positions].map((position) => nameOf({ path: position, label })),
    ),
  );
  for (const part of received) if (!allowed.has(part)) throw new WrongResult(`${mode}: unexpected part ${part}.`);
  for (const part of expected.parts) {
    if (part.isOptional || received.has(nameOf(part))) continue;
    throw new WrongResult(`${mode}: missing part ${nameOf(part)}.`);
  }
}

const nameOf = ({ path, label }: Part): string => `${pathText(path)} (label ${label ?? "none"})`;

/** Checks that no call has more batches than without a stream plus those allowed. @throws WrongResult */
export function assertCalls(
  mode: string,
  calls: readonly CallLogEntry[],
  plainCalls: readonly CallLogEntry[],
  allowed: ReadonlyMap<string, number>,
): void {
  for (const name of new Set(calls.map(({ call }) => call))) {
    const count = calls.filter(({ call }) => call === name).length;
    const plain = plainCalls.filter(({ call }) => call === name).length;
    if (count <= plain + (allowed.get(name) ?? 0)) continue;
    throw new WrongResult(
      `${mode}: ${count} calls of ${name}, expected at most ${plain} as without a stream and ${allowed.get(name) ?? 0} more.`,
    );
  }
}
