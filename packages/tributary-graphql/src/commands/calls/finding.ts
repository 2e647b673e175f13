import type { ClientOperation } from "./client-operations.ts";

/** A fault in the calls of an operation. */
export interface Finding {
  /** The fault, in one sentence that begins with the file and the operation. */
  readonly headline: string;
  /** The fields and resolvers that cause it, and how to fix it. */
  readonly details: readonly string[];
  /** Whether `npx tributary calls record` accepts it. */
  readonly isAcceptable: boolean;
}

/** The guide to findings. */
export const guidePath = "docs/call-contract.md";

export const finding = (
  { path, name }: Pick<ClientOperation, "path" | "name">,
  sentence: string,
  details: readonly string[] = [],
  isAcceptable = false,
): Finding => ({ headline: `${path} (${name}): ${sentence}`, details, isAcceptable });

/** The text of a finding on a terminal. */
export const findingText = ({ headline, details }: Finding): string => [headline, ...details].join("\n  ");
