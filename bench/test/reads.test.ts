import { expect, test } from "vitest";
import { timeRounds } from "../measure.ts";
import { measureReads, reads } from "../reads/benchmark.ts";
import { names } from "../reads/contenders.ts";
import { writeReadsSection } from "../reads/section.ts";

test("measureReads measures all contenders with equal results, and the section has all of them", async () => {
  const lines: string[] = [];
  const measured = await measureReads({
    databases: ["sqlite"],
    parents: [10],
    allParents: 20,
    budgetMs: 0,
    log: (line) => lines.push(line),
  });
  expect(measured.missing).toEqual([]);
  expect(measured.databases).toHaveLength(1);
  expect(measured.databases[0]?.results.map(({ read, table }) => [read, table])).toEqual(
    reads.flatMap((read) => [
      [read, "small"],
      [read, "large"],
    ]),
  );
  const section = writeReadsSection(measured, "versions of the drivers");
  for (const name of Object.values(names)) expect(section).toContain(name);
  for (const read of reads) expect(section).toMatch(new RegExp(`${read}\\*\\*\n\n\\| table \\| parents \\| by hand`));
  expect(lines).toHaveLength(1 + reads.length * 2);
});

test("timeRounds times contenders round-robin, and does not count warm-up rounds", async () => {
  const order: string[] = [];
  const contender = (name: string) => ({ name, run: async () => void order.push(name) });
  const timings = await timeRounds([contender("a"), contender("b")], { rounds: 3, warmUpRounds: 1 });
  expect(order.join("")).toBe("baabbaab");
  expect([...timings].map(([name, times]) => [name, times.length])).toEqual([
    ["a", 3],
    ["b", 3],
  ]);
});
