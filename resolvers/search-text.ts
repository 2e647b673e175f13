import { badUserInput } from "tributary-graphql";
import { maxNameKeyLength, nameKey } from "../datasources/name-key.ts";

/**
 * Checks the length of the name key, because normalization expands some characters to a dozen letters.
 * @throws DomainError `BAD_USER_INPUT` for a text longer than any name
 */
export function assertSearchText(argument: string, text: string): void {
  const { length } = nameKey(text.slice(0, maxTextLength));
  if (text.length <= maxTextLength && length <= maxNameKeyLength) return;
  throw badUserInput(
    `${argument}: expected at most ${maxNameKeyLength} letters and spaces, got ${Math.max(length, text.length)}.`,
  );
}

/** Longer texts are not normalized. */
const maxTextLength = 200;
