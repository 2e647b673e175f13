import { isDeepStrictEqual } from "node:util";
import type { CallLogEntry } from "tributary-graphql";
import type { Expected } from "./expected.ts";
import { type Json, type Merged, type Part, pathText, type ResponseError } from "./responses.ts";

/** An answer that is not what the operation has to give. */
export class WrongAnswer extends Error {
  override readonly name = "WrongAnswer";
}

/** @throws WrongAnswer with both, when they differ */
export function assertData(what: string, actual: Json, expected: Json): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new WrongAnswer(
    `${what}: wrong data.\nexpected ${JSON.stringify(expected)}\ngot      ${JSON.stringify(actual)}`,
  );
}

/** @throws WrongAnswer for an error that cannot be, and for one that is missing */
export function assertErrors(
  what: string,
  errors: readonly ResponseError[],
  { possibleErrors, requiredErrors, blamedErrors }: Expected,
): void {
  const actual = new Set(errors.map(({ path = [] }) => pathText(path)));
  const fail = (claim: string): never => {
    throw new WrongAnswer(`${what}: ${claim}; the errors are at ${[...actual].join(", ") || "no path"}.`);
  };
  for (const path of actual) if (!possibleErrors.has(path)) fail(`an error at ${path}, where nothing fails`);
  for (const path of requiredErrors) if (!actual.has(path)) fail(`no error at ${path}`);
  for (const paths of blamedErrors) {
    if (![...paths].some((path) => actual.has(path))) fail(`no error at any of ${[...paths].join(", ")}`);
  }
}

/** Errors that both answers have must say the same. @throws WrongAnswer */
export function assertSameWords(what: string, errors: readonly ResponseError[], plain: readonly ResponseError[]): void {
  const wordsOf = ({ message, extensions }: ResponseError) => `${extensions?.code} ${message}`;
  const known = new Map(plain.map((error) => [pathText(error.path ?? []), wordsOf(error)]));
  for (const error of errors) {
    const path = pathText(error.path ?? []);
    const expected = known.get(path) ?? wordsOf(error);
    if (wordsOf(error) === expected) continue;
    throw new WrongAnswer(`${what}: the error at ${path} says ${wordsOf(error)}, without a stream ${expected}.`);
  }
}

/** Whether what was announced is what the operation asks for, labels included, each part once. @throws WrongAnswer */
export function assertAnnounced(what: string, { parts, failures }: Merged, expected: Expected): void {
  const came = parts.map(nameOf);
  for (const part of new Set([...came, ...expected.parts.map(nameOf)])) {
    const count = came.filter((name) => name === part).length;
    const asked = expected.parts.filter((one) => nameOf(one) === part);
    const least = asked.filter(({ isOptional }) => !isOptional).length;
    if (count >= least && count <= asked.length) continue;
    throw new WrongAnswer(`${what}: the part ${part} came ${count} times, and is asked for ${asked.length} times.`);
  }
  const failing = expected.parts.filter(({ fails }) => fails);
  const least = failing.filter(({ isOptional }) => !isOptional).length;
  if (failures >= least && failures <= failing.length) return;
  throw new WrongAnswer(`${what}: ${failures} parts failed, not ${failing.length}.`);
}

/**
 * The same for a format that announces nothing: what comes has the label of a part that puts something there, and each
 * part comes at its own place, with an empty entry if need be.
 * @throws WrongAnswer
 */
export function assertLabelled(what: string, { parts }: Merged, expected: Expected): void {
  const came = new Set(parts.map(nameOf));
  const allowed = new Set(
    expected.parts.flatMap(({ path, label, places }) =>
      [path, ...places].map((place) => nameOf({ path: place, label })),
    ),
  );
  for (const part of came) if (!allowed.has(part)) throw new WrongAnswer(`${what}: nothing asks for the part ${part}.`);
  for (const part of expected.parts) {
    if (part.isOptional || came.has(nameOf(part))) continue;
    throw new WrongAnswer(`${what}: nothing came of the part ${nameOf(part)}.`);
  }
}

const nameOf = ({ path, label }: Part): string => `${pathText(path)} (label ${label ?? "none"})`;

/** Whether no call was made more often than without a stream, but for the batches that the stream allows. @throws WrongAnswer */
export function assertCalls(
  what: string,
  calls: readonly CallLogEntry[],
  plainCalls: readonly CallLogEntry[],
  allowed: ReadonlyMap<string, number>,
): void {
  for (const name of new Set(calls.map(({ call }) => call))) {
    const count = calls.filter(({ call }) => call === name).length;
    const plain = plainCalls.filter(({ call }) => call === name).length;
    if (count <= plain + (allowed.get(name) ?? 0)) continue;
    throw new WrongAnswer(
      `${what}: ${count} calls of ${name}; without a stream there are ${plain}, and ${allowed.get(name) ?? 0} more may be.`,
    );
  }
}
