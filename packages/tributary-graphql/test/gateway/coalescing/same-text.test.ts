import { expect, test } from "vitest";
import type { Flight } from "../../../src/gateway/coalescing/flight.ts";
import { type Entry, SameText } from "../../../src/gateway/coalescing/same-text.ts";

interface FakeEntry extends Entry {
  isOpen: boolean;
  reads: number;
}

/** An execution for this asker, and how often its headers were read. */
function entryOf(asker: string): FakeEntry {
  const entry: FakeEntry = {
    isOpen: true,
    reads: 0,
    flight: {
      get isOpen() {
        return entry.isOpen;
      },
    } as Flight,
    asker: () => {
      entry.reads += 1;
      return asker;
    },
  };
  return entry;
}

test("each asker finds the own execution among many, whose headers are read once and not once for each of the others", () => {
  const same = new SameText();
  const entries = Array.from({ length: 100 }, (_, index) => entryOf(`token ${index}`));
  for (const [index, entry] of entries.entries()) {
    expect(same.openFlight(`token ${index}`)).toBeUndefined();
    same.add(entry);
  }
  expect(same.openFlight("token 7")).toBe(entries[7]?.flight);
  expect(same.openFlight("token 99")).toBe(entries[99]?.flight);
  expect(entries.map(({ reads }) => reads)).toEqual(entries.map(() => 1));
});

test("the headers of who alone asks are never read", () => {
  const same = new SameText();
  const entry = entryOf("a");
  same.add(entry);
  same.remove(entry);
  expect([entry.reads, same.isEmpty]).toEqual([0, true]);
});

test("an execution that lets nobody join takes only itself out when it ends, and not its successor", () => {
  const same = new SameText();
  const [old, successor] = [entryOf("a"), entryOf("a")];
  same.add(old);
  old.isOpen = false;
  expect(same.openFlight("a")).toBeUndefined();
  same.add(successor);
  expect(same.openFlight("a")).toBe(successor.flight);
  same.remove(old);
  expect(same.openFlight("a")).toBe(successor.flight);
  same.remove(successor);
  expect(same.isEmpty).toBe(true);
});
