import { expect, test } from "vitest";
import { GcTrace } from "../memory/gc-trace.ts";

test("GcTrace adds up freed bytes and pauses of collections, and ignores other lines", () => {
  const lines = new GcTrace();
  lines.add("listening on http://127.0.0.1:4000/graphql");
  lines.add("[1:0x2]  20 ms: Scavenge 4.5 (6.0) -> 2.5 (7.0) MB, pooled: 0 MB, 0.75 / 0.00 ms  (average mu = 1.000)");
  lines.add("[1:0x2]  99 ms: Mark-Compact 30.0 (40.0) -> 10.0 (41.0) MB, pooled: 0 MB, 4.25 / 0.10 ms  (average mu)");
  expect(lines.take()).toEqual({ collections: 2, freedBytes: 22 * 2 ** 20, pauseMs: 5 });
  expect(lines.take()).toEqual({ collections: 0, freedBytes: 0, pauseMs: 0 });
});
