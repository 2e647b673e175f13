import { expect, test } from "vitest";
import { linesForPeople } from "../../src/gateway/telemetry/lines-for-people.ts";

function shown(...chunks: readonly string[]): string {
  let text = "";
  const output = linesForPeople({ write: (part) => (text += part) });
  for (const chunk of chunks) output.write(chunk);
  return text;
}

const line = (fields: object): string =>
  `${JSON.stringify({ level: 30, time: 0, pid: 7, hostname: "here", ...fields })}\n`;

test("a line of the log on a terminal is a line for people", () => {
  const text = shown(line({ operationName: "CountryPage", status: 200, calls: { countries: 2 }, msg: "request" }));
  expect(text).toMatch(
    /^\[\d\d:\d\d:\d\d\] INFO: request \{"operationName":"CountryPage","status":200,"calls":\{"countries":2\}\}\n$/,
  );
});

test("an error is shown with its stack", () => {
  const err = { type: "Error", message: "boom", stack: "Error: boom\n    at rateOf (resolvers/currency.ts:9:3)" };
  const text = shown(line({ level: 50, err, msg: "unexpected error" }));
  expect(text).toContain("ERROR: unexpected error");
  expect(text).toContain("at rateOf (resolvers/currency.ts:9:3)");
});

test("other lines, and several at once, go through in order", () => {
  const text = shown(
    `listening on http://127.0.0.1:4000/graphql\n${line({ msg: "one" })}`,
    line({ msg: "two" }),
    "{broken\n",
  );
  expect(text.replace(/\[.*?\] /g, "")).toBe(
    "listening on http://127.0.0.1:4000/graphql\nINFO: one\nINFO: two\n{broken\n",
  );
});
