import { badUserInput } from "tributary-graphql";
import { maxNameKeyLength, nameKey } from "../datasources/name-key.ts";

/**
 * Refuses a text that is longer than any name. Counted is what remains of it without accents and punctuation, since
 * some single characters stand for a dozen letters.
 * @throws DomainError `BAD_USER_INPUT`
 */
export function assertSearchText(argument: string, text: string): void {
  const { length } = nameKey(text.slice(0, maxTextLength));
  if (text.length <= maxTextLength && length <= maxNameKeyLength) return;
  throw badUserInput(
    `${argument}: expected at most ${maxNameKeyLength} letters and spaces, got ${Math.max(length, text.length)}.`,
  );
}

/** Beyond this nothing is even looked at. */
const maxTextLength = 200;
