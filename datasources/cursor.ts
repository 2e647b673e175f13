import { createHash } from "node:crypto";
import { badUserInput } from "./errors.ts";

type CursorValues = readonly (string | number)[];

/** What a list's cursors are made for, and of what. */
export interface CursorList {
  /** Names the list, its filter and its order; two lists that differ in any of them differ here. */
  readonly madeFor: string;
  /** The type of each value that the list is ordered by; numbers are integers of 32 bits. */
  readonly orderTypes: readonly ("string" | "number")[];
}

/**
 * Makes an opaque cursor: the values that a page is continued from, sealed with what they were made for (the list, its
 * filter and its order), so that a cursor of another list is told apart. The seal finds mistakes; it is no secret.
 */
export function encodeCursor(madeFor: string, values: CursorValues): string {
  const json = JSON.stringify(values);
  return Buffer.from(`${seal(madeFor, json)}${json}`).toString("base64url");
}

/**
 * The values of a cursor that `encodeCursor` made for the same list.
 * @throws DomainError `BAD_USER_INPUT` for any other text
 */
export function decodeCursor(list: CursorList, argument: string, cursor: string): CursorValues {
  const text = Buffer.from(cursor, "base64url").toString();
  const json = text.slice(sealLength);
  const values =
    text.slice(0, sealLength) === seal(list.madeFor, json) ? parseValues(json, list.orderTypes) : undefined;
  if (values !== undefined) return values;
  throw badUserInput(
    `${argument}: expected a cursor of this list with the same filter and order, got ${quoted(cursor)}.`,
  );
}

/** Whoever reads this can seal what they like, so what is sealed is checked as any input. */
function parseValues(json: string, types: CursorList["orderTypes"]): CursorValues | undefined {
  const values: unknown = parseJson(json);
  const fits = (value: unknown, index: number) =>
    typeof value === types[index] && (value === String(value) || isInt(value));
  return Array.isArray(values) && values.length === types.length && values.every(fits) ? values : undefined;
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** What the databases' integer columns hold. */
const isInt = (value: unknown): boolean => Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 31;

const sealLength = 10;

const seal = (madeFor: string, json: string): string =>
  createHash("sha256").update(madeFor).update("\0").update(json).digest("base64url").slice(0, sealLength);

const quoted = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
