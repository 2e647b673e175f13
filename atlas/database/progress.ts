import type { OnProgress } from "./seed.ts";

/** A stream for progress messages, such as `process.stderr`. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const barWidth = 30;
const percentPerLine = 20;

/** Shows the progress of the seed: a progress bar on a terminal, else a line per 20 percent. */
export const showProgress = (output: ProgressOutput): OnProgress =>
  output.isTTY ? drawBar(output) : writeLines(output);

function drawBar(output: ProgressOutput): OnProgress {
  return (done, total, label) => {
    const filled = Math.round((done / total) * barWidth);
    const bar = "█".repeat(filled) + "░".repeat(barWidth - filled);
    // Return to the start of the line and clear it.
    output.write(
      `\r\u001b[KFilling the database ${bar} ${percent(done, total)} % ${label}${done === total ? "\n" : ""}`,
    );
  };
}

function writeLines(output: ProgressOutput): OnProgress {
  let nextPercent = 0;
  return (done, total, label) => {
    if (percent(done, total) < nextPercent) return;
    nextPercent = (Math.floor(percent(done, total) / percentPerLine) + 1) * percentPerLine;
    output.write(`Filling the database: ${percent(done, total)} % (${label})\n`);
  };
}

const percent = (done: number, total: number): number => Math.floor((done / total) * 100);
