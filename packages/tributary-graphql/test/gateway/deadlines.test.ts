import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Deadlines } from "../../src/gateway/request/deadlines.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watched(timeoutMs: number) {
  const deadlines = new Deadlines(timeoutMs);
  const passed: string[] = [];
  return { passed, add: (name: string) => deadlines.add({ onDeadline: () => passed.push(name) }), deadlines };
}

test("each deadline passes at its own time, in the order in which they were set", () => {
  const { passed, add } = watched(100);
  add("a");
  vi.advanceTimersByTime(60);
  add("b");
  vi.advanceTimersByTime(39);
  expect(passed).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(passed).toEqual(["a"]);
  vi.advanceTimersByTime(59);
  expect(passed).toEqual(["a"]);
  vi.advanceTimersByTime(1);
  expect(passed).toEqual(["a", "b"]);
});

test.each([["first"], ["middle"], ["last"]])("the %s one can be removed, and removed again", (removed) => {
  const { passed, add, deadlines } = watched(100);
  const set = ["first", "middle", "last"].map((name) => ({ name, deadline: add(name) }));
  for (const { name, deadline } of set) {
    if (name !== removed) continue;
    deadlines.remove(deadline);
    deadlines.remove(deadline);
  }
  vi.advanceTimersByTime(1_000);
  expect(passed).toEqual(["first", "middle", "last"].filter((name) => name !== removed));
});

test("one that is removed again when its neighbours have gone brings none of them back", () => {
  const { passed, add, deadlines } = watched(100);
  const [first, second] = [add("first"), add("second")];
  add("third");
  for (const deadline of [first, second, first]) deadlines.remove(deadline);
  vi.advanceTimersByTime(1_000);
  expect(passed).toEqual(["third"]);
});

test("one timer serves all of them, and none is set while nothing waits", () => {
  const { passed, add, deadlines } = watched(100);
  for (let time = 0; time < 10; time++) deadlines.remove(add("removed"));
  const last = add("last");
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(50);
  deadlines.remove(last);
  vi.advanceTimersByTime(50);
  expect(vi.getTimerCount()).toBe(0);
  add("later");
  vi.advanceTimersByTime(100);
  expect(passed).toEqual(["later"]);
});

test("one that is set while another passes is waited for", () => {
  const deadlines = new Deadlines(100);
  const passed: string[] = [];
  const onDeadline = () => {
    passed.push("first");
    deadlines.add({ onDeadline: () => passed.push("second") });
  };
  deadlines.add({ onDeadline });
  vi.advanceTimersByTime(199);
  expect(passed).toEqual(["first"]);
  vi.advanceTimersByTime(1);
  expect(passed).toEqual(["first", "second"]);
});
