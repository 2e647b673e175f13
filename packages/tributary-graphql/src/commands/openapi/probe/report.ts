import type { ProbeResult } from "./probe-batch.ts";

/** The findings, for a terminal. */
export function reportOf({ call, baseUrl, calls, findings, maxKeys }: ProbeResult): string {
  const lines = findings.map(({ verdict, about, words }) => {
    const mark = verdict === "broken" ? "BROKEN" : verdict;
    return `${mark.padEnd(10)}  ${about}: ${words}`;
  });
  const broken = findings.filter(({ verdict }) => verdict === "broken").length;
  const sum =
    broken === 0
      ? "The service does what the declaration assumes."
      : `${broken} of the declaration's assumptions ${broken === 1 ? "is" : "are"} false: its reader would fail or give wrong answers.`;
  const largest = maxKeys === undefined ? "" : ` Most keys seen in one call: ${maxKeys}.`;
  return `${call} at ${baseUrl}, ${calls} calls, one after the other:\n\n${lines.join("\n")}\n\n${sum}${largest}\n`;
}

/** The part that is kept for review: no headers and no rows. */
export const recordOf = ({ baseUrl, calls, findings, maxKeys }: ProbeResult, date: Date) => ({
  date: date.toISOString().slice(0, 10),
  baseUrl,
  calls,
  maxKeys,
  findings: findings.map(({ about, verdict, words }) => ({ about, verdict, words })),
});

export const isBroken = ({ findings }: ProbeResult): boolean => findings.some(({ verdict }) => verdict === "broken");
