import type { ProbeResult } from "./probe-batch.ts";

/** The findings, for a terminal. */
export function reportOf({ call, baseUrl, calls, findings, maxKeys }: ProbeResult): string {
  const lines = findings.map(({ verdict, about, message }) => {
    const mark = verdict === "broken" ? "BROKEN" : verdict;
    return `${mark.padEnd(10)}  ${about}: ${message}`;
  });
  const broken = findings.filter(({ verdict }) => verdict === "broken").length;
  const sum =
    broken === 0
      ? "The service behaves as the declaration assumes."
      : `${broken} of the declaration's assumptions ${broken === 1 ? "is" : "are"} false: the reader would fail or return wrong results.`;
  const largest = maxKeys === undefined ? "" : ` The largest call had ${maxKeys} keys.`;
  return `${call} at ${baseUrl}, ${calls} calls:\n\n${lines.join("\n")}\n\n${sum}${largest}\n`;
}

/** The record of a probe. It has no headers and no rows, which may be confidential. */
export const recordOf = ({ baseUrl, calls, findings, maxKeys }: ProbeResult, date: Date) => ({
  date: date.toISOString().slice(0, 10),
  baseUrl,
  calls,
  maxKeys,
  findings: findings.map(({ about, verdict, message }) => ({ about, verdict, words: message })),
});

export const isBroken = ({ findings }: ProbeResult): boolean => findings.some(({ verdict }) => verdict === "broken");
