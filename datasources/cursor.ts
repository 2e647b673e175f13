import { createHash } from "node:crypto";
import { badUserInput } from "./errors.ts";

type CursorValues = readonly (string | number)[];

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
export function decodeCursor(madeFor: string, argument: string, cursor: string): CursorValues {
  const text = Buffer.from(cursor, "base64url").toString();
  const json = text.slice(sealLength);
  if (json === "" || text.slice(0, sealLength) !== seal(madeFor, json)) {
    throw badUserInput(
      `${argument}: expected a cursor of this list with the same filter and order, got ${quoted(cursor)}.`,
    );
  }
  return JSON.parse(json);
}

const sealLength = 10;

const seal = (madeFor: string, json: string): string =>
  createHash("sha256").update(madeFor).update("\0").update(json).digest("base64url").slice(0, sealLength);

const quoted = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
