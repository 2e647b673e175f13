import type { ClientOperation } from "./client-operations.ts";

/** Something that is wrong with the calls of one operation. */
export interface Finding {
  /** The fault, in one sentence that begins with the file and the operation. */
  readonly headline: string;
  /** Which field and resolver it is about, and what to do. */
  readonly details: readonly string[];
  /** Whether `npx tributary calls record` makes it right. */
  readonly isAcceptable: boolean;
}

/** Where a reader learns what to do about a finding. */
export const guidePath = "docs/call-contract.md";

export const finding = (
  { path, name }: Pick<ClientOperation, "path" | "name">,
  sentence: string,
  details: readonly string[] = [],
  isAcceptable = false,
): Finding => ({ headline: `${path} (${name}): ${sentence}`, details, isAcceptable });

/** A finding as a terminal shows it. */
export const findingText = ({ headline, details }: Finding): string => [headline, ...details].join("\n  ");
