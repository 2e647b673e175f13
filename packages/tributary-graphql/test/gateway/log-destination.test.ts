import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

const destination = new URL("../../src/gateway/telemetry/log-destination.ts", import.meta.url).href;

/** The standard output of a process that logs lines and then ends in this way. */
function outputOf(ending: string): string {
  const code = `
    const { logDestination } = await import(${JSON.stringify(destination)});
    const log = logDestination();
    for (let line = 0; line < 2000; line++) log.write(JSON.stringify({ line, text: "é".repeat(40) }) + "\\n");
    ${ending}
  `;
  const { stdout } = spawnSync(process.execPath, ["--no-warnings", "--input-type=module", "-e", code], {
    encoding: "utf8",
    maxBuffer: 10_000_000,
  });
  return stdout;
}

test.each([
  ["by itself", ""],
  ["by process.exit", "process.exit(1);"],
  ["by an error that nobody caught", "throw new Error('end');"],
])("every line is written, in order, when the process ends %s", (_, ending) => {
  const lines = outputOf(ending).trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line).line)).toEqual(Array.from({ length: 2_000 }, (__, index) => index));
});
