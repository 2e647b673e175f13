import { CommandError } from "../../command-error.ts";
import { oneLine } from "../schema/code-text.ts";
import type { Plan } from "./plan.ts";

const maxReasons = 5;

/** @throws CommandError if a document has no reads, with its operations and the reasons why they are left out */
export function assertReadable(
  { reads, batches, leftOut }: Plan,
  { location, only = [] }: { readonly location: string; readonly only?: readonly string[] },
): void {
  if (reads.length + batches.length > 0) return;
  const among = only.length > 0 ? ` among those that match ${only.join(", ")}` : "";
  throw new CommandError(`${location}: expected at least one GET with a JSON response${among}, got ${found(leftOut)}.`);
}

/** The reasons, each with its first operation and the number of others. */
function found(leftOut: Plan["leftOut"]): string {
  const reasons = [...new Set(leftOut.map(({ message }) => message))].map((message) => {
    const [first, ...more] = leftOut.filter((remark) => remark.message === message);
    const { method = "", path = "" } = first?.operation ?? {};
    return `${method.toUpperCase()} ${path}${more.length > 0 ? ` and ${more.length} more` : ""} (${message})`;
  });
  const shown = reasons.slice(0, maxReasons).join("; ");
  return reasons.length === 0 ? "none" : oneLine(reasons.length > maxReasons ? `${shown}; …` : shown);
}
