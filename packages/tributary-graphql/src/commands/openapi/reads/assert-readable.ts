import { CommandError } from "../../command-error.ts";
import { oneLine } from "../schema/code-text.ts";
import type { Plan } from "./plan.ts";

/** More reasons than this are not told. */
const mostReasons = 5;

/** @throws CommandError when nothing of a document can be read, with the operations that it has and why each is left out */
export function assertReadable(
  { reads, batches, leftOut }: Plan,
  { location, only = [] }: { readonly location: string; readonly only?: readonly string[] },
): void {
  if (reads.length + batches.length > 0) return;
  const among = only.length > 0 ? ` among those that match ${only.join(", ")}` : "";
  throw new CommandError(
    `${location}: expected at least one GET that answers with JSON${among}, got ${found(leftOut)}.`,
  );
}

/** The first operation of each reason, and how many more there are. */
function found(leftOut: Plan["leftOut"]): string {
  const reasons = [...new Set(leftOut.map(({ words }) => words))].map((words) => {
    const [first, ...more] = leftOut.filter((remark) => remark.words === words);
    const { method = "", path = "" } = first?.operation ?? {};
    return `${method.toUpperCase()} ${path}${more.length > 0 ? ` and ${more.length} more` : ""} (${words})`;
  });
  const shown = reasons.slice(0, mostReasons).join("; ");
  return reasons.length === 0 ? "none" : oneLine(reasons.length > mostReasons ? `${shown}; …` : shown);
}
